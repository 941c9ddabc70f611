import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';

/** Lists answer so many at once, which is more than a provider has. */
const MOST = 100;

/** When the provider can be booked. */
export function availabilityQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.availability(providerId),
    queryFn: ({ signal }) =>
      call(
        client.GET('/providers/{provider_id}/availability', {
          params: { path: { provider_id: providerId } },
          signal,
        }),
      ),
  });
}

/** How the provider words offers. */
export function templatesQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.templates(providerId),
    queryFn: async ({ signal }) => {
      const params = { path: { provider_id: providerId }, query: { limit: MOST } };
      const { items } = await call(client.GET('/providers/{provider_id}/templates', { params, signal }));
      return items;
    },
  });
}

/** How the provider's agent works. */
export function settingsQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.settings(providerId),
    queryFn: ({ signal }) =>
      call(client.GET('/providers/{provider_id}/settings', { params: { path: { provider_id: providerId } }, signal })),
  });
}

/** How the provider fares. */
export function statsQuery(providerId: string) {
  return queryOptions({
    queryKey: keys.providers.stats(providerId),
    queryFn: ({ signal }) =>
      call(client.GET('/providers/{provider_id}/stats', { params: { path: { provider_id: providerId } }, signal })),
  });
}
