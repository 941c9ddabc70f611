import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { Tabs } from '../ui/tabs';
import { EnrollmentCard } from './enrollment-card';
import { useChoice } from './filters';
import type { Choice } from './filters';

type Status = View<'EnrollmentStatus'>;

const statuses: readonly [Choice<Status>, ...Choice<Status>[]] = [
  { value: 'pending_verification', label: 'Waiting' },
  { value: 'verified', label: 'Verified' },
  { value: 'rejected', label: 'Sent back' },
  { value: 'draft', label: 'Drafts' },
];

export default function EnrollmentsPage() {
  const [status, setStatus] = useChoice('status', statuses);
  return (
    <Page
      title="Enrollments"
      actions={
        <ButtonLink to="/admin/accounts" look="plain" size="small" icon="user">
          Accounts
        </ButtonLink>
      }
    >
      <Tabs
        label="Status"
        value={status}
        onChange={setStatus}
        tabs={statuses.map(({ value, label }) => ({ name: value, label }))}
      >
        <Panel resetKey={status} skeleton={<ListSkeleton className="h-72" />}>
          <EnrollmentList status={status} />
        </Panel>
      </Tabs>
    </Page>
  );
}

function EnrollmentList({ status }: { status: Status }) {
  const pages = usePages({
    queryKey: keys.enrollments.list({ status }),
    fetchPage: (page, signal) => call(client.GET('/enrollment', { params: { query: { status, ...page } }, signal })),
  });
  return (
    <InfiniteList
      label="Enrollments"
      pages={pages}
      keyOf={(enrollment) => enrollment.id}
      skeleton={<ListSkeleton className="h-72" />}
      empty={
        status === 'pending_verification' ? (
          <EmptyState icon="check" title="Nobody waits">
            Who asks to be verified appears here, the longest waiting first.
          </EmptyState>
        ) : (
          <EmptyState icon="shield" title="None" />
        )
      }
    >
      {(enrollment) => <EnrollmentCard enrollment={enrollment} />}
    </InfiniteList>
  );
}
