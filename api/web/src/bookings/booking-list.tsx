import type { ReactNode } from 'react';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { FilteredList } from '../ui/filtered-list';
import type { Booking } from './booking';
import { BookingCard } from './booking-card';

interface BookingListProps {
  label: string;
  /** Whether what one booked, or what was booked with one: the API lists both together. */
  side: Booking['side'];
  /** As `GET /bookings` takes it: what is upcoming, or what stands there. */
  filter: { upcoming?: boolean; status?: Booking['status'] };
  /** Which of them, beside that. */
  keep?: (booking: Booking) => boolean;
  empty: ReactNode;
  /** Below each: what can be done with it here. */
  children?: (booking: Booking) => ReactNode;
}

/** Bookings of the caller. To be put in a panel. */
export function BookingList({ label, side, filter, keep = () => true, empty, children }: BookingListProps) {
  const pages = usePages({
    queryKey: keys.bookings.list(filter),
    fetchPage: (page, signal) => call(client.GET('/bookings', { params: { query: { ...filter, ...page } }, signal })),
    pollMs: 60_000,
  });
  return (
    <FilteredList
      label={label}
      pages={pages}
      keep={(booking) => booking.side === side && keep(booking)}
      keyOf={({ id }) => id}
      empty={empty}
    >
      {(booking) => (
        <div className="grid gap-2">
          <BookingCard booking={booking} />
          {children?.(booking)}
        </div>
      )}
    </FilteredList>
  );
}
