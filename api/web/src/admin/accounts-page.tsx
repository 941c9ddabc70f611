import { useInAddress } from '../ui/address';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { FindForm } from './find-form';
import { ProviderPanel } from './provider-panel';
import { UserPanel } from './user-panel';

/** What an admin can do with an account and with a provider; both are named in the address. */
export default function AccountsPage() {
  const [user, setUser] = useInAddress('user');
  const [provider, setProvider] = useInAddress('provider');
  return (
    <Page title="Accounts">
      <div className="grid gap-4 sm:grid-cols-2">
        <FindForm label="User id" found={user} onFind={setUser} />
        <FindForm label="Provider id" found={provider} onFind={setProvider} />
      </div>
      {user === '' && provider === '' && (
        <EmptyState icon="user" title="Whose?">
          Tasks, enrollments and the audit log lead here from every id that they show.
        </EmptyState>
      )}
      {user !== '' && (
        <Panel resetKey={user} skeleton={<Skeleton className="h-56 rounded-card" />}>
          <UserPanel key={user} id={user} />
        </Panel>
      )}
      {provider !== '' && (
        <Panel resetKey={provider} skeleton={<Skeleton className="h-72 rounded-card" />}>
          <ProviderPanel key={provider} id={provider} />
        </Panel>
      )}
    </Page>
  );
}
