import { useEffect } from 'react';
import type { ReactNode } from 'react';
import type { Pages } from '../api/pages';
import { Failure } from './failure';
import { InfiniteList } from './infinite-list';
import { ListSkeleton } from './skeleton';

interface FilteredListProps<Item> {
  label: string;
  pages: Pages<Item>;
  /** Which of them are shown. */
  keep: (item: Item) => boolean;
  keyOf: (item: Item) => string;
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list of which only some are shown: those of one side. It goes on by itself until there is one, or an end. */
export function FilteredList<Item>({ pages, keep, ...rest }: FilteredListProps<Item>) {
  const items = pages.items.filter(keep);
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = pages;
  const isLooking = !pages.isPending && items.length === 0 && pages.hasNextPage;
  useEffect(() => {
    if (isLooking && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [isLooking, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (isLooking && isFetchNextPageError) return <Failure error={pages.error} onRetry={() => void fetchNextPage()} />;
  if (isLooking) return <ListSkeleton />;
  return <InfiniteList {...rest} pages={{ ...pages, items }} />;
}
