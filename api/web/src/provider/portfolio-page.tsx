import { useQueryClient } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import type { Media } from '../api/media';
import { useProviderId } from '../auth/provider';
import { useUploads } from '../media/use-uploads';
import { usePortfolio } from '../providers/provider';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { MediaUpload } from './media-upload';
import { PortfolioItem } from './portfolio-item';

/** Pictures and films of the provider's work. */
export default function PortfolioPage() {
  return (
    <Page title="Portfolio" width="wide">
      <Panel skeleton={<ListSkeleton className="h-64" />}>
        <Portfolio />
      </Panel>
    </Page>
  );
}

function Portfolio() {
  const providerId = useProviderId();
  const queries = useQueryClient();
  const items = usePortfolio(providerId);

  async function show({ id }: Media) {
    await call(
      client.POST('/providers/{provider_id}/portfolio', {
        // A picture is shown once: the key of its showing is its own.
        params: { path: { provider_id: providerId }, header: { 'Idempotency-Key': `portfolio-${id}` } },
        body: { media_id: id },
      }),
    );
    await queries.invalidateQueries({ queryKey: keys.providers.portfolio(providerId) });
  }
  const uploads = useUploads(show);

  return (
    <div className="grid gap-5">
      <MediaUpload
        label="Add photos or films"
        hint="JPEG, PNG or WebP up to 20 MB, MP4 up to 100 MB; at most 100. Where they were taken is removed from them."
        uploads={uploads}
      />
      <InfiniteList
        label="Portfolio"
        pages={items}
        keyOf={({ id }) => id}
        className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3"
        empty={
          <EmptyState icon="photo" title="Nothing to see yet">
            People choose with their eyes. Show a few pieces of your work; the newest comes first.
          </EmptyState>
        }
      >
        {(item) => <PortfolioItem providerId={providerId} item={item} />}
      </InfiniteList>
    </div>
  );
}
