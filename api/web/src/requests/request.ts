import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';
import { formatMoneyRange } from '../ui/money';
import { formatWindow } from '../ui/times';

export type Request = View<'RequestView'>;
/** What is needed, as who posted it and as providers have it. */
type Need = Request | View<'NeedView'>;

const REFRESH_MS = 30_000;

/** A request, as who posted it or as a provider that it was routed to. It is asked for again while the page is seen. */
export function requestQuery(id: string) {
  return queryOptions({
    queryKey: keys.requests.one(id),
    queryFn: ({ signal }) =>
      call(client.GET('/requests/{request_id}', { params: { path: { request_id: id } }, signal })),
    refetchInterval: pollEvery(REFRESH_MS),
  });
}

/** Only who posted it (or an admin) is told of its matching. */
export function isOwn(request: View<'ReadView'>): request is Request {
  return 'match' in request;
}

/** Whether offers are looked for or waited for. */
export function isOpen({ status }: Pick<Need, 'status'>): boolean {
  return status === 'matching' || status === 'matched' || status === 'offers_received';
}

export function budgetOf({ budget }: Pick<Need, 'budget'>): string | null {
  return budget == null ? null : formatMoneyRange(budget.min_cents, budget.max_cents, budget.currency);
}

/** Where, when and for how much, as far as it was said. */
export function needOf(request: Pick<Need, 'city' | 'window' | 'budget'>): string[] {
  const said = [request.city, request.window == null ? null : formatWindow(request.window), budgetOf(request)];
  return said.filter((part) => part !== null);
}
