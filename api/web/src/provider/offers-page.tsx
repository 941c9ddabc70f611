import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { useProviderId } from '../auth/provider';
import { wordsOf } from '../ui/badge';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { FilteredList } from '../ui/filtered-list';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { OwnOffer } from './own-offer';

const states = ['pending', 'accepted', 'declined', 'withdrawn', 'expired'] as const;
type State = (typeof states)[number];

const tabs = states.map((name) => ({ name, label: wordsOf(name) }));

/** What the provider has offered, by how it stands. */
export default function OffersPage() {
  return (
    <TabbedPage title="Offers" tabs={tabs} first="pending" skeleton={<ListSkeleton className="h-40" />}>
      {(state) => <Offers state={state} />}
    </TabbedPage>
  );
}

function Offers({ state }: { state: State }) {
  const providerId = useProviderId();
  const filter = { status: state };
  const offers = usePages({
    queryKey: keys.offers.list(filter),
    fetchPage: (page, signal) => call(client.GET('/offers', { params: { query: { ...filter, ...page } }, signal })),
    pollMs: 60_000,
  });
  return (
    <FilteredList
      label="Offers"
      pages={offers}
      // Those that one received as a consumer are in the same list.
      keep={(offer) => offer.provider_id === providerId}
      keyOf={({ id }) => id}
      empty={
        <EmptyState
          icon="money"
          title={state === 'pending' ? 'No offers wait for an answer' : 'Nothing here'}
          action={
            state === 'pending' && (
              <ButtonLink look="plain" to="/work">
                See your leads
              </ButtonLink>
            )
          }
        />
      }
    >
      {(offer) => <OwnOffer offer={offer} leadLink />}
    </FilteredList>
  );
}
