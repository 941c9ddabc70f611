import type { ReactNode } from 'react';
import type { View } from '../api/client';
import { useWho } from '../auth/who';
import { BookingCard } from '../bookings/booking-card';
import { useServiceName } from '../catalog/catalog';
import { formatDistance } from '../providers/provider';
import { needOf } from '../requests/request';
import { Badge, StateBadge } from '../ui/badge';
import { CardLink } from '../ui/card';
import { formatMoney, formatMoneyRange } from '../ui/money';
import { Rating } from '../ui/rating';
import { formatMinutes, formatSlot } from '../ui/times';
import { OfferCards } from './offer-cards';

/** What an answer shows beside its text: each a card that leads to its page. */
export default function DataCards({ data }: { data: View<'DataView'> }) {
  const { request, offers, lead, suggestion, enrollment } = data;
  const bookings = data.bookings ?? (data.booking === undefined ? [] : [data.booking]);
  const leads = data.leads ?? (lead === undefined ? [] : [lead]);
  return (
    <>
      {request !== undefined && <RequestCard request={request} />}
      {offers !== undefined && offers.length > 0 && <OfferCards offers={offers} />}
      <Cards label="Bookings" items={bookings} keyOf={({ id }) => id}>
        {(booking) => <BookingCard booking={booking} />}
      </Cards>
      <Cards label="Leads" items={leads} keyOf={({ request: { id } }) => id}>
        {(one) => <LeadCard lead={one} />}
      </Cards>
      {suggestion !== undefined && <SuggestionCard suggestion={suggestion} />}
      <Cards label="Providers" items={data.providers ?? []} keyOf={({ provider_id }) => provider_id}>
        {(provider) => <ProviderCard provider={provider} />}
      </Cards>
      <Cards label="Categories" items={data.categories ?? []} keyOf={({ id }) => id}>
        {(category) => <CategoryCard category={category} />}
      </Cards>
      {enrollment !== undefined && <EnrollmentCard enrollment={enrollment} />}
    </>
  );
}

interface CardsProps<Item> {
  label: string;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
}

function Cards<Item>({ label, items, keyOf, children }: CardsProps<Item>) {
  if (items.length === 0) return null;
  return (
    <ul aria-label={label} className="grid gap-2 sm:grid-cols-2">
      {items.map((item) => (
        <li key={keyOf(item)} className="grid min-w-0">
          {children(item)}
        </li>
      ))}
    </ul>
  );
}

function Top({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <span className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{title}</span>
      {children}
    </span>
  );
}

function More({ parts }: { parts: readonly (string | null | undefined)[] }) {
  return <span className="text-sm text-muted">{parts.filter((part) => part != null && part !== '').join(' · ')}</span>;
}

function RequestCard({ request }: { request: View<'RequestView'> }) {
  const nameOf = useServiceName();
  return (
    <CardLink to={`/requests/${request.id}`} className="grid gap-1">
      <Top title={nameOf(request.service_id)}>
        <StateBadge state={request.status} />
      </Top>
      <More parts={needOf(request)} />
    </CardLink>
  );
}

function LeadCard({ lead: { request, why, offered, passed } }: { lead: View<'LeadView'> }) {
  const nameOf = useServiceName();
  return (
    <CardLink to={`/work/leads/${request.id}`} className="grid content-start gap-1">
      <Top title={nameOf(request.service_id)}>
        {offered ? <Badge tone="good">Offered</Badge> : passed && <Badge>Passed</Badge>}
      </Top>
      <More parts={[request.first_name, ...needOf(request)]} />
      {why.length > 0 && <span className="text-sm">{why.join(' · ')}</span>}
    </CardLink>
  );
}

function SuggestionCard({ suggestion }: { suggestion: View<'OfferDraftResultView'> }) {
  const nameOf = useServiceName();
  const { price, slots, reasons } = suggestion;
  return (
    <CardLink to={`/work/leads/${suggestion.request_id}`} className="grid gap-1.5">
      <Top title={`Suggested offer: ${nameOf(suggestion.service_id)}`}>
        <span className="font-medium">{formatMoney(price.mid_cents, price.currency)}</span>
      </Top>
      <More
        parts={[
          formatMoneyRange(price.low_cents, price.high_cents, price.currency),
          formatMinutes(suggestion.duration_minutes),
        ]}
      />
      {slots.length > 0 && <span className="text-sm">{slots.map(formatSlot).join(' · ')}</span>}
      {reasons.length > 0 && <span className="text-sm text-muted">{reasons.join(' ')}</span>}
    </CardLink>
  );
}

function ProviderCard({ provider }: { provider: View<'Candidate'> }) {
  const { distance_km, price_from_cents, currency } = provider;
  return (
    <CardLink to={`/providers/${provider.provider_id}`} className="grid content-start gap-1">
      <Top title={provider.name}>
        <span className="text-sm">
          <Rating rating={provider.rating} count={provider.review_count} />
        </span>
      </Top>
      <More
        parts={[
          provider.city,
          distance_km == null ? null : `${formatDistance(distance_km)} away`,
          price_from_cents == null ? null : `from ${formatMoney(price_from_cents, currency)}`,
        ]}
      />
      {provider.specializations.length > 0 && (
        <span className="text-sm">{provider.specializations.slice(0, 4).join(', ')}</span>
      )}
    </CardLink>
  );
}

function CategoryCard({ category: { name, services } }: { category: View<'CategoryView'> }) {
  return (
    <details className="rounded-card border border-line bg-surface px-4 py-2">
      <summary className="min-h-7 font-medium">{name}</summary>
      <ul className="grid gap-1 py-2 text-sm">
        {services.map((service) => (
          <li key={service.id}>
            {service.name}{' '}
            <span className="text-muted">
              {formatMoneyRange(service.price.min_cents, service.price.max_cents, service.price.currency)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function EnrollmentCard({ enrollment }: { enrollment: View<'EnrollmentView'> }) {
  const { role } = useWho();
  const missing = enrollment.missing.length;
  return (
    <CardLink to={role === 'provider' ? '/work/profile' : `/enroll/${enrollment.id}`} className="grid gap-1">
      <Top title={enrollment.fields.business_name ?? 'Your enrollment'}>
        <StateBadge state={enrollment.status} />
      </Top>
      <More
        parts={[
          enrollment.fields.city,
          enrollment.status === 'draft' ? (missing === 0 ? 'Ready to submit' : `${missing} things missing`) : null,
        ]}
      />
      {enrollment.reasons.length > 0 && <span className="text-sm text-bad">{enrollment.reasons.join(' ')}</span>}
    </CardLink>
  );
}
