import { BookingList } from '../bookings/booking-list';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { TabbedPage } from '../ui/tabbed-page';

const tabs = [
  { name: 'upcoming', label: 'Upcoming', filter: { upcoming: true }, empty: 'Nothing is booked' },
  { name: 'completed', label: 'Done', filter: { status: 'completed' }, empty: 'Nothing is done yet' },
  { name: 'cancelled', label: 'Cancelled', filter: { status: 'cancelled' }, empty: 'Nothing was cancelled' },
  { name: 'all', label: 'All', filter: {}, empty: 'Nothing was booked yet' },
] as const;

export default function BookingsPage() {
  return (
    <TabbedPage title="Bookings" label="Bookings by how they stand" tabs={tabs} first="upcoming">
      {(tab) => <Bookings key={tab} tab={tab} />}
    </TabbedPage>
  );
}

function Bookings({ tab }: { tab: (typeof tabs)[number]['name'] }) {
  const { label, filter, empty } = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <BookingList
      label={`Bookings: ${label}`}
      filter={filter}
      side="consumer"
      empty={
        <EmptyState
          icon="calendar"
          title={empty}
          action={
            <>
              <ButtonLink to="/" icon="chat">
                Tell Proxie what you need
              </ButtonLink>
              <ButtonLink to="/requests?tab=offers" look="quiet">
                See your offers
              </ButtonLink>
            </>
          }
        >
          Accept an offer, and it is booked.
        </EmptyState>
      }
    />
  );
}
