import { useSuspenseQuery } from '@tanstack/react-query';
import { useProviderId } from '../auth/provider';
import { useServiceName } from '../catalog/catalog';
import { BarChart } from '../ui/bar-chart';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { formatMoney } from '../ui/money';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { formatMinutes } from '../ui/times';
import { statsQuery } from './own-provider';
import { Reviews } from './reviews';

const tabs = [
  { name: 'numbers', label: 'Numbers' },
  { name: 'reviews', label: 'Reviews' },
] as const;

/** How the provider fares, and what people say. */
export default function NumbersPage() {
  return (
    <TabbedPage title="Numbers" tabs={tabs} first="numbers" skeleton={<ListSkeleton className="h-40" />}>
      {(tab) => <Content tab={tab} />}
    </TabbedPage>
  );
}

function Content({ tab }: { tab: (typeof tabs)[number]['name'] }) {
  const providerId = useProviderId();
  return tab === 'numbers' ? <Stats providerId={providerId} /> : <Reviews providerId={providerId} />;
}

function Stats({ providerId }: { providerId: string }) {
  const nameOf = useServiceName();
  const { data: stats } = useSuspenseQuery(statsQuery(providerId));
  const { leads, offers, bookings, services } = stats;
  if (leads.total === 0 && bookings.completed === 0) {
    return (
      <EmptyState icon="chart" title="Nothing to count yet">
        When leads come, you see here how many you answer and win.
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Figure name="Earned">
          {stats.revenue.length === 0
            ? '–'
            : stats.revenue.map(({ cents, currency }) => formatMoney(cents, currency)).join(' + ')}
        </Figure>
        <Figure name="Offers won">{percent(offers.win_rate)}</Figure>
        <Figure name="Answered in a day">{percent(stats.response_rate)}</Figure>
        <Figure name="Time to answer">
          {stats.response_minutes == null ? '–' : formatMinutes(stats.response_minutes)}
        </Figure>
      </dl>
      <Card>
        <BarChart
          title="From lead to booking"
          bars={[
            { key: 'leads', label: 'Leads', value: leads.total },
            { key: 'viewed', label: 'Looked at', value: leads.viewed },
            { key: 'offers', label: 'Offers made', value: offers.total },
            { key: 'pending', label: 'Waiting', value: offers.pending },
            { key: 'wins', label: 'Offers won', value: offers.wins },
            { key: 'passed', label: 'Passed', value: leads.passed },
          ]}
        />
      </Card>
      <Card>
        <BarChart
          title="Bookings"
          bars={[
            { key: 'upcoming', label: 'Upcoming', value: bookings.upcoming },
            { key: 'completed', label: 'Completed', value: bookings.completed },
            { key: 'cancelled', label: 'Cancelled', value: bookings.cancelled },
            { key: 'late', label: 'Cancelled late by you', value: bookings.late_cancellations },
            { key: 'no_shows', label: 'Nobody was there', value: bookings.no_shows },
          ]}
        />
      </Card>
      {services.length > 0 && (
        <Card>
          <BarChart
            title="Offers won by service"
            full={1}
            bars={services.map((service) => ({
              key: `${service.service_id} ${service.currency}`,
              label: nameOf(service.service_id),
              value: service.win_rate ?? 0,
              said: [
                `${service.wins} of ${service.offers}`,
                service.average_price_won_cents == null
                  ? null
                  : `⌀ ${formatMoney(service.average_price_won_cents, service.currency)}`,
              ]
                .filter((part) => part !== null)
                .join(', '),
            }))}
          />
        </Card>
      )}
    </div>
  );
}

function Figure({ name, children }: { name: string; children: string }) {
  return (
    <div className="rounded-card border border-line bg-surface p-4">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="mt-1 font-serif text-2xl font-semibold">{children}</dd>
    </div>
  );
}

function percent(share: number | null | undefined): string {
  return share == null ? '–' : `${Math.round(share * 100)} %`;
}
