import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { useServiceName } from '../catalog/catalog';
import { isOpen } from '../requests/request';
import { Badge, StateBadge } from '../ui/badge';
import { ButtonLink } from '../ui/button';
import { CardLink } from '../ui/card';
import { classNames } from '../ui/class-names';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { Time } from '../ui/time';
import { budgetWords, formatScore, timingOf } from './lead';
import type { Lead } from './lead';

const tabs = [
  { name: 'new', label: 'To answer' },
  { name: 'offered', label: 'Offered' },
  { name: 'passed', label: 'Passed' },
  { name: 'closed', label: 'Closed' },
] as const;
type Tab = (typeof tabs)[number]['name'];

const filters: Record<Tab, { offered?: boolean; passed?: boolean; open?: boolean }> = {
  new: { offered: false },
  offered: { offered: true },
  passed: { passed: true },
  closed: { open: false },
};

/** Requests that were matched to the provider. */
export default function LeadsPage() {
  return (
    <TabbedPage title="Leads" tabs={tabs} first="new" skeleton={<ListSkeleton className="h-36" />}>
      {(tab) => <Leads tab={tab} />}
    </TabbedPage>
  );
}

function Leads({ tab }: { tab: Tab }) {
  const filter = filters[tab];
  const leads = usePages({
    queryKey: keys.leads.list(filter),
    fetchPage: (page, signal) =>
      call(client.GET('/providers/leads', { params: { query: { ...filter, ...page } }, signal })),
    pollMs: 60_000,
  });
  return (
    <InfiniteList
      label="Leads"
      pages={leads}
      keyOf={({ request }) => request.id}
      skeleton={<ListSkeleton className="h-36" />}
      empty={<NoLeads tab={tab} />}
    >
      {(lead) => <LeadCard lead={lead} />}
    </InfiniteList>
  );
}

function NoLeads({ tab }: { tab: Tab }) {
  if (tab !== 'new') return <EmptyState icon="sparkle" title="Nothing here" />;
  return (
    <EmptyState
      icon="sparkle"
      title="No leads to answer"
      action={
        <>
          <ButtonLink look="plain" to="/work/calendar">
            Look at your hours
          </ButtonLink>
          <ButtonLink look="plain" to="/work/services">
            Look at your services
          </ButtonLink>
        </>
      }
    >
      Requests that fit you appear here by themselves. The more hours and services you have, the more do.
    </EmptyState>
  );
}

function LeadCard({ lead }: { lead: Lead }) {
  const nameOf = useServiceName();
  const { request } = lead;
  return (
    <CardLink to={`/work/leads/${request.id}`} className="grid gap-1.5">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className={classNames('flex items-center gap-2', !lead.viewed && 'font-semibold')}>
          {!lead.viewed && <Badge tone="accent">New</Badge>}
          {nameOf(request.service_id)}
        </span>
        {isOpen(request) ? <Badge>{formatScore(lead.score)}</Badge> : <StateBadge state={request.status} />}
      </span>
      <span className="text-sm text-muted">
        {request.first_name ?? 'Somebody'} in {request.city} · <Time at={lead.routed_at} ago />
      </span>
      <span>
        {timingOf(request)} · {budgetWords(request)}
      </span>
      {request.description !== '' && <span className="line-clamp-2 break-words text-muted">{request.description}</span>}
      {lead.why.length > 0 && <span className="text-sm text-muted">{lead.why.join(' ')}</span>}
    </CardLink>
  );
}
