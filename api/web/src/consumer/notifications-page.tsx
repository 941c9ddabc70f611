import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { Button } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { TabbedPage } from '../ui/tabbed-page';
import { toast, toastFailure } from '../ui/toast';
import { NotificationCard } from './notifications/notification-card';

const REFRESH_MS = 30_000;

const tabs = [
  { name: 'unread', label: 'New' },
  { name: 'all', label: 'All' },
] as const;

export default function NotificationsPage() {
  return (
    <TabbedPage title="Notifications" label="Which notifications" actions={<ReadAll />} tabs={tabs} first="unread">
      {(shown) => <Notifications key={shown} unread={shown === 'unread'} />}
    </TabbedPage>
  );
}

function Notifications({ unread }: { unread: boolean }) {
  const queries = useQueryClient();
  const pages = usePages({
    queryKey: keys.notifications.list({ unread }),
    fetchPage: (page, signal) =>
      call(client.GET('/notifications', { params: { query: unread ? { unread, ...page } : page }, signal })),
    pollMs: REFRESH_MS,
  });
  const read = useMutation({
    mutationFn: (id: string) =>
      call(client.PUT('/notifications/{notification_id}/read', { params: { path: { notification_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.notifications.all }),
  });
  return (
    <InfiniteList
      label="Notifications"
      pages={pages}
      keyOf={({ id }) => id}
      className="grid gap-2"
      empty={
        <EmptyState icon="bell" title={unread ? 'Nothing new' : 'Nothing yet'}>
          You are told here of offers, bookings and reviews.
        </EmptyState>
      }
    >
      {(notification) => <NotificationCard notification={notification} onRead={() => read.mutate(notification.id)} />}
    </InfiniteList>
  );
}

function ReadAll() {
  const queries = useQueryClient();
  const readAll = useMutation({
    mutationFn: () => call(client.PUT('/notifications/read_all')),
    onSuccess: async ({ read }) => {
      await queries.invalidateQueries({ queryKey: keys.notifications.all });
      toast(read === 0 ? 'Nothing was new.' : 'All are marked as read.');
    },
    onError: toastFailure,
  });
  return (
    <Button look="plain" icon="check" busy={readAll.isPending} onClick={() => readAll.mutate()}>
      Mark all as read
    </Button>
  );
}
