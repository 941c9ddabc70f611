import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';

export type Offer = View<'OfferView'>;

/** One offer, as it is now: its times may be taken by somebody else, and it may lapse. */
export function offerQuery(id: string) {
  return queryOptions({
    queryKey: keys.offers.one(id),
    queryFn: ({ signal }) => call(client.GET('/offers/{offer_id}', { params: { path: { offer_id: id } }, signal })),
    refetchInterval: pollEvery(60_000),
  });
}
