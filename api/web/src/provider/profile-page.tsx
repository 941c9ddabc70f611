import { useProviderId } from '../auth/provider';
import { useWho } from '../auth/who';
import { ButtonLink } from '../ui/button';
import { ListSkeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { BusinessForm } from './business-form';
import { SettingsForm } from './settings-form';
import { TemplateList } from './template-list';

const tabs = [
  { name: 'business', label: 'Your business' },
  { name: 'agent', label: 'Your agent' },
  { name: 'templates', label: 'Message templates' },
] as const;
type Tab = (typeof tabs)[number]['name'];

/** What the provider says of itself, how its agent works, and how offers are worded. */
export default function ProfilePage() {
  const { providerId } = useWho();
  return (
    <TabbedPage
      title="Business profile"
      actions={
        providerId !== null && (
          <ButtonLink look="plain" to={`/providers/${providerId}`}>
            As others see it
          </ButtonLink>
        )
      }
      tabs={tabs}
      first="business"
      skeleton={<ListSkeleton count={5} />}
    >
      {(tab) => <Content tab={tab} />}
    </TabbedPage>
  );
}

function Content({ tab }: { tab: Tab }) {
  const providerId = useProviderId();
  switch (tab) {
    case 'business':
      return <BusinessForm providerId={providerId} />;
    case 'agent':
      return <SettingsForm providerId={providerId} />;
    case 'templates':
      return <TemplateList providerId={providerId} />;
  }
}
