import { BookingList } from '../bookings/booking-list';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Tabs, useTab } from '../ui/tabs';

const tabs = [
  { name: 'upcoming', label: 'Upcoming', filter: { upcoming: true }, empty: 'Nothing is booked' },
  { name: 'completed', label: 'Done', filter: { status: 'completed' }, empty: 'Nothing is done yet' },
  { name: 'cancelled', label: 'Cancelled', filter: { status: 'cancelled' }, empty: 'Nothing was cancelled' },
  { name: 'all', label: 'All', filter: {}, empty: 'Nothing was booked yet' },
] as const;

export default function BookingsPage() {
  const [tab, setTab] = useTab(tabs, 'upcoming');
  const chosen = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <Page title="Bookings">
      <Tabs label="Bookings by how they stand" value={tab} onChange={setTab} tabs={tabs}>
        <Panel resetKey={tab}>
          <BookingList
            key={tab}
            label={`Bookings: ${chosen.label}`}
            filter={chosen.filter}
            side="consumer"
            empty={
              <EmptyState
                icon="calendar"
                title={chosen.empty}
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
        </Panel>
      </Tabs>
    </Page>
  );
}
