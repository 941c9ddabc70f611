import type { Booking } from '../bookings/booking';
import { BookingList } from '../bookings/booking-list';
import { BookingMoves } from '../bookings/booking-moves';
import { EmptyState } from '../ui/empty-state';
import { useNow } from '../ui/now';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';

const tabs = [
  { name: 'upcoming', label: 'Upcoming' },
  { name: 'open', label: 'To close' },
  { name: 'past', label: 'Past' },
] as const;
type Tab = (typeof tabs)[number]['name'];

interface Section {
  filter: { upcoming?: boolean; status?: 'confirmed' };
  keep: (booking: Booking, now: Date) => boolean;
  empty: string;
  hint: string;
}

const sections: Record<Tab, Section> = {
  upcoming: {
    filter: { upcoming: true },
    keep: () => true,
    empty: 'Nothing is booked',
    hint: 'When a customer accepts an offer of yours, it is here.',
  },
  open: {
    filter: { status: 'confirmed' },
    keep: ({ slot }, now) => new Date(slot.start_at) <= now,
    empty: 'Nothing to close',
    hint: 'When a booking has begun, say here that it is done, or that nobody was there. Two days after its end it is done by itself.',
  },
  past: {
    filter: {},
    keep: ({ status }) => status !== 'confirmed',
    empty: 'Nothing is over yet',
    hint: 'What is done or was cancelled is here.',
  },
};

/** What is booked with the provider. */
export default function BookingsPage() {
  return (
    <TabbedPage title="Bookings" tabs={tabs} first="upcoming" skeleton={<ListSkeleton className="h-28" />}>
      {(tab) => <Bookings tab={tab} />}
    </TabbedPage>
  );
}

function Bookings({ tab }: { tab: Tab }) {
  const now = useNow();
  const { filter, keep, empty, hint } = sections[tab];
  return (
    <BookingList
      label="Bookings"
      side="provider"
      filter={filter}
      keep={(booking) => keep(booking, now)}
      empty={
        <EmptyState icon="briefcase" title={empty}>
          {hint}
        </EmptyState>
      }
    >
      {(booking) => tab === 'open' && <BookingMoves booking={booking} />}
    </BookingList>
  );
}
