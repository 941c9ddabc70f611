import { PhotoLink } from '../../media/photo-link';
import { usePortfolio } from '../../providers/provider';
import { InfiniteList } from '../../ui/infinite-list';
import { Skeleton } from '../../ui/skeleton';

/** Pictures and films of a provider's work. To be put in a panel. */
export function ProviderPortfolio({ providerId }: { providerId: string }) {
  const pages = usePortfolio(providerId);
  return (
    <InfiniteList
      label="Portfolio"
      pages={pages}
      keyOf={({ id }) => id}
      className="grid grid-cols-2 gap-3 sm:grid-cols-3"
      skeleton={<Skeleton className="h-48" />}
      empty={<p className="text-muted">No pictures yet.</p>}
    >
      {(item) => (
        <figure className="grid gap-1">
          <PhotoLink media={item.media} alt={item.title === '' ? 'Work of theirs' : item.title} ratio="4 / 3" />
          <figcaption className="text-sm">
            {item.title}
            {item.description !== '' && <span className="block text-muted">{item.description}</span>}
          </figcaption>
        </figure>
      )}
    </InfiniteList>
  );
}
