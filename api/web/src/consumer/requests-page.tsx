import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { pollEvery } from '../api/polling';
import { ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { Tabs, useTab } from '../ui/tabs';
import { NewRequest } from './requests/new-request';
import { RequestCard } from './requests/request-card';

type Group = 'offers' | 'open' | 'upcoming' | 'done' | 'all';

const MOST_SHOWN = 50;

export default function RequestsPage() {
  const [params] = useSearchParams();
  if (params.has('new')) return <NewRequestPage />;
  return (
    <Page
      title="Your requests"
      actions={
        <>
          <ButtonLink to="/requests?new=1" look="plain" icon="plus">
            New request
          </ButtonLink>
          <ButtonLink to="/" icon="chat">
            Tell Proxie
          </ButtonLink>
        </>
      }
    >
      <Panel>
        <GroupedRequests />
      </Panel>
    </Page>
  );
}

function NewRequestPage() {
  return (
    <Page
      title="New request"
      back={<BackLink to="/requests">Your requests</BackLink>}
      actions={
        <ButtonLink to="/" look="quiet" icon="chat">
          Rather tell Proxie
        </ButtonLink>
      }
    >
      <Card>
        <Panel skeleton={<Skeleton className="h-160" />}>
          <NewRequest />
        </Panel>
      </Card>
    </Page>
  );
}

function GroupedRequests() {
  const { data } = useSuspenseQuery({
    queryKey: keys.requests.mine,
    queryFn: ({ signal }) =>
      call(client.GET('/consumers/me/requests', { params: { query: { limit: MOST_SHOWN } }, signal })),
    refetchInterval: pollEvery(30_000),
  });
  const tabs = [
    { name: 'offers', label: `Offers (${data.pending.count})` },
    { name: 'open', label: `Open (${data.open.count})` },
    { name: 'upcoming', label: `Upcoming (${data.upcoming.count})` },
    { name: 'done', label: `Done (${data.completed.count})` },
    { name: 'all', label: 'All' },
  ] as const;
  const [chosen, choose] = useTab<Group>(tabs, firstOf(data));
  return (
    <Tabs label="Requests by where they stand" value={chosen} onChange={choose} tabs={tabs}>
      {chosen === 'all' ? (
        <Panel>
          <AllRequests />
        </Panel>
      ) : (
        <GroupList group={chosen} grouped={data} />
      )}
    </Tabs>
  );
}

/** Where most is to be done, if nobody chose. */
function firstOf(grouped: View<'GroupedView'>): Group {
  if (grouped.pending.count > 0) return 'offers';
  if (grouped.open.count > 0) return 'open';
  if (grouped.upcoming.count > 0) return 'upcoming';
  return grouped.completed.count > 0 ? 'done' : 'open';
}

function GroupList({ group, grouped }: { group: Exclude<Group, 'all'>; grouped: View<'GroupedView'> }) {
  const { count, cards } = cardsOf(group, grouped);
  if (cards.length === 0) return <NothingIn group={group} />;
  return (
    <div className="grid gap-3">
      <ul className="grid gap-3">
        {cards.map((card) => (
          <li key={card.request.id}>
            <RequestCard {...card} />
          </li>
        ))}
      </ul>
      {count > cards.length && (
        <p className="text-center text-muted">
          These are the newest {cards.length} of {count}.{' '}
          <Link to="/requests?tab=all" className="text-accent underline">
            See all requests
          </Link>
        </p>
      )}
    </div>
  );
}

function cardsOf(group: Exclude<Group, 'all'>, { open, pending, upcoming, completed }: View<'GroupedView'>) {
  switch (group) {
    case 'open':
      return { count: open.count, cards: open.items.map((request) => ({ request })) };
    case 'offers':
      return {
        count: pending.count,
        cards: pending.items.map(({ request, offers: count, best_offer: best }) => ({
          request,
          offers: { count, best: best ?? null },
        })),
      };
    case 'upcoming':
    case 'done': {
      const { count, items } = group === 'upcoming' ? upcoming : completed;
      return {
        count,
        cards: items.map(({ request, booking }) => ({ request, ...(booking == null ? {} : { booking }) })),
      };
    }
  }
}

const nothing = {
  open: { title: 'Nothing is open', text: 'Tell Proxie what you need, and it asks the right providers for you.' },
  offers: { title: 'No offers wait for you', text: 'Providers’ offers for your requests appear here.' },
  upcoming: { title: 'Nothing is booked', text: 'What you book appears here until it is done.' },
  done: { title: 'Nothing is done yet', text: 'What was done for you is kept here.' },
  all: { title: 'You have not asked for anything yet', text: 'Tell Proxie what you need, in your own words.' },
} as const;

function NothingIn({ group }: { group: Group }) {
  const { title, text } = nothing[group];
  return (
    <EmptyState
      icon="tag"
      title={title}
      action={
        <>
          <ButtonLink to="/" icon="chat">
            Tell Proxie what you need
          </ButtonLink>
          <ButtonLink to="/requests?new=1" look="quiet">
            Fill in a form
          </ButtonLink>
        </>
      }
    >
      {text}
    </EmptyState>
  );
}

/** Also what was cancelled or expired. */
function AllRequests() {
  const pages = usePages({
    queryKey: keys.requests.list(),
    fetchPage: (page, signal) => call(client.GET('/requests', { params: { query: page }, signal })),
  });
  return (
    <InfiniteList label="All requests" pages={pages} keyOf={({ id }) => id} empty={<NothingIn group="all" />}>
      {(request) => <RequestCard request={request} />}
    </InfiniteList>
  );
}
