import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { QueryKey } from '@tanstack/react-query';
import { pollEvery } from './polling';

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

interface Options<Item> {
  queryKey: QueryKey;
  /** Asks for the page after a cursor; the first one without. */
  fetchPage: (page: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>;
  enabled?: boolean;
  /** How often it is asked for again, while the server does not tell of news by itself. */
  pollMs?: number;
}

/**
 * A list of the API, page by page, to be shown by `InfiniteList`.
 *
 *     usePages({
 *       queryKey: keys.offers.list({ status }),
 *       fetchPage: (page, signal) => call(client.GET('/offers', { params: { query: { status, ...page } }, signal })),
 *     })
 */
export function usePages<Item>({ queryKey, fetchPage, enabled = true, pollMs }: Options<Item>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<Item>) => last.next_cursor ?? null,
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval: pollMs === undefined ? false : pollEvery(pollMs),
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

/** What {@link usePages} answers. */
export type Pages<Item> = ReturnType<typeof usePages<Item>>;
