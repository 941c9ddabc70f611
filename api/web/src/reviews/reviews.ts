import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';

/** What was said of a provider, page by page. */
export function useReviews(providerId: string) {
  return usePages({
    queryKey: keys.providers.reviews(providerId),
    fetchPage: (page, signal) => {
      const params = { path: { provider_id: providerId }, query: page };
      return call(client.GET('/reviews/provider/{provider_id}', { params, signal }));
    },
  });
}

/** All reviews of a provider taken together; null below three. */
export function aggregateQuery(providerId: string) {
  return queryOptions({
    queryKey: [...keys.providers.reviews(providerId), 'aggregate'],
    queryFn: async ({ signal }) => {
      // It comes with every page of them.
      const params = { path: { provider_id: providerId }, query: { limit: 1 } };
      const { aggregate } = await call(client.GET('/reviews/provider/{provider_id}', { params, signal }));
      return aggregate ?? null;
    },
  });
}
