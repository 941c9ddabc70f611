import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';

/** A provider offers at most so many services, and lists answer so many at once. */
const MOST_SERVICES = 100;
const PORTFOLIO_PAGE = 12;

/** What a provider says of itself, and how it fares. Its owner and admins are told more. */
export function profileQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.profile(providerId),
    queryFn: ({ signal }) =>
      call(client.GET('/providers/{provider_id}/profile', { params: { path: { provider_id: providerId } }, signal })),
  });
}

/** What a provider offers, all of it. */
export function servicesQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.services(providerId),
    queryFn: async ({ signal }) => {
      const params = { path: { provider_id: providerId }, query: { limit: MOST_SERVICES } };
      const { items } = await call(client.GET('/providers/{provider_id}/services', { params, signal }));
      return items;
    },
  });
}

/** Pictures and films of a provider's work, page by page. */
export function usePortfolio(providerId: string) {
  return usePages({
    queryKey: keys.providers.portfolio(providerId),
    fetchPage: (page, signal) =>
      call(
        client.GET('/providers/{provider_id}/portfolio', {
          params: { path: { provider_id: providerId }, query: { limit: PORTFOLIO_PAGE, ...page } },
          signal,
        }),
      ),
  });
}

/** How far away: `2.5 km`, `12 km`. */
export function formatDistance(km: number): string {
  return km < 10 ? `${km.toFixed(1)} km` : `${Math.round(km)} km`;
}
