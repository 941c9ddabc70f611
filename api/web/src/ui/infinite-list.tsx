import type { ReactNode } from 'react';
import { detailOf } from '../api/errors';
import type { Pages } from '../api/pages';
import { Button } from './button';
import { Notice } from './notice';
import { ListSkeleton } from './skeleton';

interface InfiniteListProps<Item> {
  /** For who does not see it: what is listed. */
  label: string;
  /** What `usePages` answered. */
  pages: Pages<Item>;
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
  /** Instead of a list of nothing. */
  empty: ReactNode;
  skeleton?: ReactNode;
  className?: string;
}

/** A list that goes on by a button. */
export function InfiniteList<Item>({
  label,
  pages,
  keyOf,
  children,
  empty,
  skeleton = <ListSkeleton />,
  className = 'grid gap-3',
}: InfiniteListProps<Item>) {
  if (pages.isPending) return skeleton;
  if (pages.items.length === 0) return empty;
  return (
    <div className="grid gap-4" aria-busy={pages.isPlaceholderData}>
      <ul aria-label={label} className={className}>
        {pages.items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      {pages.isFetchNextPageError && (
        <Notice tone="bad" role="alert">
          {detailOf(pages.error)}
        </Notice>
      )}
      {pages.hasNextPage && (
        <Button
          look="plain"
          className="justify-self-center"
          busy={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {pages.isFetchNextPageError ? 'Try again' : 'Show more'}
        </Button>
      )}
    </div>
  );
}
