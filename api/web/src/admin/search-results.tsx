import type { ReactNode } from 'react';
import type { Pages } from '../api/pages';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { ListSkeleton } from '../ui/skeleton';

interface SearchResultsProps<Item> {
  label: string;
  pages: Pages<Item>;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
}

/** What `searchPages` found; where it has found nothing yet, the search can go on. */
export function SearchResults<Item>({ label, pages, keyOf, children }: SearchResultsProps<Item>) {
  const empty = pages.hasNextPage ? (
    <EmptyState
      icon="search"
      title="Nothing among the newest"
      action={
        <Button look="plain" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Look further
        </Button>
      }
    >
      There are older ones that were not looked at yet.
    </EmptyState>
  ) : (
    <EmptyState icon="search" title="Nothing like that">
      Change the filters to see more.
    </EmptyState>
  );
  return (
    <InfiniteList
      label={label}
      pages={pages}
      keyOf={keyOf}
      empty={empty}
      skeleton={<ListSkeleton count={6} className="h-20" />}
    >
      {children}
    </InfiniteList>
  );
}
