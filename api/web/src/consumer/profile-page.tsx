import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { Tabs, useTab } from '../ui/tabs';
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
  const [tab, setTab] = useTab(tabs, 'you');
  const { Content } = tabs.find(({ name }) => name === tab) ?? tabs[0];
  return (
    <Page title="You and your account">
      <Tabs label="Parts of your account" value={tab} onChange={setTab} tabs={tabs}>
        <Panel resetKey={tab} skeleton={<Skeleton className="h-96" />}>
          <Content />
        </Panel>
      </Tabs>
    </Page>
  );
}
