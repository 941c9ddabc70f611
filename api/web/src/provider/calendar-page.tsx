import { useProviderId } from '../auth/provider';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { AvailabilityForm } from './availability-form';
import { ComingDays } from './coming-days';

const tabs = [
  { name: 'coming', label: 'Coming days' },
  { name: 'hours', label: 'Hours and rules' },
] as const;

/** What is booked and what is free, and when the provider works. */
export default function CalendarPage() {
  return (
    <TabbedPage title="Calendar" tabs={tabs} first="coming" skeleton={<ListSkeleton count={5} />}>
      {(tab) => <Content tab={tab} />}
    </TabbedPage>
  );
}

function Content({ tab }: { tab: (typeof tabs)[number]['name'] }) {
  const providerId = useProviderId();
  return tab === 'coming' ? <ComingDays providerId={providerId} /> : <AvailabilityForm providerId={providerId} />;
}
