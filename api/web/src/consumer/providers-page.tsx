import { useSearchParams } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { ProviderCard } from './providers/provider-card';
import { queryOf, readSearch, writeSearch } from './providers/provider-search';
import type { ProviderSearch } from './providers/provider-search';
import { SearchForm } from './providers/search-form';

export default function ProvidersPage() {
  const [params, setParams] = useSearchParams();
  const search = readSearch(params);
  return (
    <Page title="Find providers" width="wide">
      <Card>
        <Panel skeleton={<Skeleton className="h-72" />}>
          <SearchForm search={search} onSearch={(next) => setParams(writeSearch(next))} />
        </Panel>
      </Card>
      <Panel resetKey={params.toString()}>
        <Found search={search} />
      </Panel>
    </Page>
  );
}

function Found({ search }: { search: ProviderSearch }) {
  const query = queryOf(search);
  const pages = usePages({
    queryKey: keys.providers.list(query),
    fetchPage: (page, signal) => call(client.GET('/providers', { params: { query: { ...query, ...page } }, signal })),
  });
  return (
    <InfiniteList
      label="Providers"
      pages={pages}
      keyOf={({ id }) => id}
      className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3"
      empty={
        <EmptyState
          icon="search"
          title="Nobody was found"
          action={
            <ButtonLink to="/" icon="chat">
              Tell Proxie what you need
            </ButtonLink>
          }
        >
          Search for less, or let Proxie look: it asks whoever fits, and goes on looking.
        </EmptyState>
      }
    >
      {(provider) => <ProviderCard provider={provider} />}
    </InfiniteList>
  );
}
