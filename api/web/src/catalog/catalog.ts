import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { wordsOf } from '../ui/badge';

const MOST_CATEGORIES = 100;

/** All categories with all that is known of their services. It hardly ever changes. */
const catalogQuery = queryOptions({
  queryKey: keys.catalog,
  queryFn: async ({ signal }) => {
    const { items } = await call(
      client.GET('/services/catalog/full', { params: { query: { limit: MOST_CATEGORIES } }, signal }),
    );
    return items;
  },
  staleTime: Infinity,
});

/** The catalog; suspends until it is there. */
export function useCatalog(): View<'CategoryView'>[] {
  return useSuspenseQuery(catalogQuery).data;
}

/** A service by its slug; undefined while the catalog is on its way, and for what was retired. */
export function useService(serviceId: string | undefined): View<'ServiceView'> | undefined {
  const { data } = useQuery({ ...catalogQuery, throwOnError: false });
  return data?.flatMap(({ services }) => services).find(({ id }) => id === serviceId);
}

/** Names services by their slugs; by the slug's own words as long as the catalog does not. */
export function useServiceName(): (serviceId: string) => string {
  const { data } = useQuery({ ...catalogQuery, throwOnError: false });
  return (serviceId) =>
    data?.flatMap(({ services }) => services).find(({ id }) => id === serviceId)?.name ??
    wordsOf(serviceId.replaceAll('-', '_'));
}
