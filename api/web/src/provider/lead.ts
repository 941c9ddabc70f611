import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';
import { budgetOf } from '../requests/request';
import { formatWindow } from '../ui/times';

export type Lead = View<'LeadView'>;
type Need = View<'NeedView'>;

/** One lead. Reading it is noting that it was looked at, of which the first time counts. */
export function leadQuery(requestId: string) {
  return queryOptions({
    queryKey: keys.leads.one(requestId),
    queryFn: ({ signal }) =>
      call(client.PUT('/requests/{request_id}/view', { params: { path: { request_id: requestId } }, signal })),
    refetchInterval: pollEvery(60_000),
  });
}

export function budgetWords(need: Need): string {
  return budgetOf(need) ?? 'No budget named';
}

const urgencies: Record<View<'Urgency'>, string> = {
  flexible: 'Any time',
  soon: 'Soon',
  urgent: 'Urgent',
};

export function timingOf({ window, urgency }: Need): string {
  return window == null ? urgencies[urgency] : formatWindow(window);
}

/** Where the work is done, for who does it. */
export const needPlaces: Record<View<'ServicePlace'>, string> = {
  provider: 'At your place',
  consumer: 'At their place',
  remote: 'Remote: by phone or online',
};

/** A score of 0 to 1 as people read it. */
export function formatScore(score: number): string {
  return `${Math.round(score * 100)} % fit`;
}
