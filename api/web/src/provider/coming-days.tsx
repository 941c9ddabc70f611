import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';
import type { Booking } from '../bookings/booking';
import { BookingBadges } from '../bookings/booking-card';
import { daysOfWeek, formatClock, slotsQuery } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { WeekSwitch } from '../bookings/week-switch';
import { useServiceName } from '../catalog/catalog';
import { profileQuery, servicesQuery } from '../providers/provider';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Select } from '../ui/fields';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { formatLocalDate, localDate } from '../ui/times';
import { availabilityQuery } from './own-provider';

/** More than anybody does in three months comes in pages; a look ahead takes the first. */
const MOST_BOOKINGS = 100;

const upcoming = { upcoming: true, limit: MOST_BOOKINGS };

/** Day by day: what is booked, and when one can still be booked for a service. */
export function ComingDays({ providerId }: { providerId: string }) {
  const nameOf = useServiceName();
  const [{ data: availability }, { data: profile }, { data: services }] = useSuspenseQueries({
    queries: [availabilityQuery(providerId), profileQuery(providerId), servicesQuery(providerId)],
  });
  const bookable = services.filter(({ service_id }) => profile.services.includes(service_id));
  const [today] = useState(() => localDate(new Date(), availability.zone));
  const [week, setWeek] = useState(0);
  const [chosen, setChosen] = useState<string | null>(null);
  const days = daysOfWeek(today, week);
  const serviceId = chosen ?? bookable[0]?.service_id;
  const first = days[0] ?? today;
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <WeekSwitch today={today} week={week} onChange={setWeek} />
        {serviceId !== undefined && (
          <Select
            label="Free times for"
            value={serviceId}
            onChange={setChosen}
            options={bookable.map(({ service_id }) => ({ value: service_id, label: nameOf(service_id) }))}
          />
        )}
      </div>
      {serviceId === undefined && (
        <EmptyState
          icon="tag"
          title="No service can be booked at present"
          action={
            <ButtonLink look="plain" to="/work/services">
              Look at your services
            </ButtonLink>
          }
        />
      )}
      <Panel skeleton={<ListSkeleton count={7} className="h-16" />} resetKey={`${first}${serviceId ?? ''}`}>
        {serviceId === undefined ? (
          <Days days={days} slots={[]} />
        ) : (
          <FreeDays key={first} providerId={providerId} serviceId={serviceId} days={days} />
        )}
      </Panel>
      <p className="text-sm text-muted">Times of {availability.zone.replaceAll('_', ' ')}.</p>
    </div>
  );
}

interface FreeDaysProps {
  providerId: string;
  serviceId: string;
  days: readonly string[];
}

function FreeDays({ providerId, serviceId, days }: FreeDaysProps) {
  const { data } = useSuspenseQuery(slotsQuery(providerId, serviceId, days));
  return <Days days={days} slots={data.items} />;
}

function Days({ days, slots }: { days: readonly string[]; slots: readonly NamedSlot[] }) {
  const { data: bookings } = useSuspenseQuery({
    queryKey: [...keys.bookings.list(upcoming), 'page'],
    queryFn: async ({ signal }) => {
      const { items } = await call(client.GET('/bookings', { params: { query: upcoming }, signal }));
      return items;
    },
    refetchInterval: pollEvery(60_000),
  });
  return (
    <ol className="grid divide-y divide-line rounded-card border border-line bg-surface">
      {days.map((day) => {
        const free = slots.filter(({ date }) => date === day);
        const booked = bookings.filter(({ side, slot }) => side === 'provider' && slot.date === day);
        return (
          <li key={day} className="grid gap-2 p-4 sm:grid-cols-[8rem_1fr]">
            <h3 className="font-medium">{formatLocalDate(day)}</h3>
            <div className="grid gap-2">
              {booked.map((booking) => (
                <BookedLine key={booking.id} booking={booking} />
              ))}
              {free.length === 0 ? (
                booked.length === 0 && <p className="text-muted">Nothing booked, nothing free</p>
              ) : (
                <details>
                  <summary className="text-sm text-muted">
                    {free.length === 1 ? '1 time' : `${free.length} times`} free to begin
                  </summary>
                  <p className="mt-1 text-sm">{free.map(({ start_time }) => formatClock(start_time)).join(', ')}</p>
                </details>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function BookedLine({ booking }: { booking: Booking }) {
  const nameOf = useServiceName();
  const { slot } = booking;
  return (
    <Link
      to={`/bookings/${booking.id}`}
      className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-accent-soft px-3 py-2 hover:underline"
    >
      <span>
        {formatClock(slot.start_time)}–{formatClock(slot.end_time)} {nameOf(booking.service_id)}
        {booking.consumer_name != null && `, ${booking.consumer_name}`}
      </span>
      <BookingBadges booking={booking} />
    </Link>
  );
}
