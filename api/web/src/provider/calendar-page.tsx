import { useProviderId } from '../auth/provider';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { Tabs, useTab } from '../ui/tabs';
import { AvailabilityForm } from './availability-form';
import { ComingDays } from './coming-days';

const tabs = [
  { name: 'coming', label: 'Coming days' },
  { name: 'hours', label: 'Hours and rules' },
] as const;

/** What is booked and what is free, and when the provider works. */
export default function CalendarPage() {
  const [tab, setTab] = useTab(tabs, 'coming');
  return (
    <Page title="Calendar">
      <Tabs label="Calendar" value={tab} onChange={setTab} tabs={tabs}>
        <Panel skeleton={<ListSkeleton count={5} />} resetKey={tab}>
          <Content tab={tab} />
        </Panel>
      </Tabs>
    </Page>
  );
}

function Content({ tab }: { tab: (typeof tabs)[number]['name'] }) {
  const providerId = useProviderId();
  return tab === 'coming' ? <ComingDays providerId={providerId} /> : <AvailabilityForm providerId={providerId} />;
}
