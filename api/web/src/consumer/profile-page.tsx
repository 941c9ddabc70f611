import { Skeleton } from '../ui/skeleton';
import { TabbedPage } from '../ui/tabbed-page';
import { Account } from './profile/account';
import { Memory } from './profile/memory';
import { ProfileForm } from './profile/profile-form';
import { Usage } from './profile/usage';

const tabs = [
  { name: 'you', label: 'You', Content: ProfileForm },
  { name: 'memory', label: 'What Proxie remembers', Content: Memory },
  { name: 'account', label: 'Account', Content: Account },
  { name: 'usage', label: 'Usage', Content: Usage },
] as const;

export default function ProfilePage() {
  return (
    <TabbedPage
      title="You and your account"
      label="Parts of your account"
      tabs={tabs}
      first="you"
      skeleton={<Skeleton className="h-96" />}
    >
      {(tab) => <Part tab={tab} />}
    </TabbedPage>
  );
}

function Part({ tab }: { tab: (typeof tabs)[number]['name'] }) {
  const { Content } = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return <Content />;
}
