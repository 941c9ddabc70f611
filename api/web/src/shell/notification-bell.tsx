import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';
import { Icon } from '../ui/icons';

const MOST_COUNTED = 9;
const POLL_MS = 30_000;

/** Leads to the notifications and says how many are new. */
export function NotificationBell() {
  const { data } = useQuery({
    queryKey: keys.notifications.unread,
    queryFn: ({ signal }) =>
      call(client.GET('/notifications', { params: { query: { unread: true, limit: MOST_COUNTED } }, signal })),
    refetchInterval: pollEvery(POLL_MS),
    throwOnError: false,
  });
  const count = data?.items.length ?? 0;
  const said = data?.next_cursor == null ? String(count) : `${MOST_COUNTED}+`;
  const label = count === 0 ? 'Notifications' : `Notifications, ${said} new`;
  return (
    <Link
      to="/notifications"
      aria-label={label}
      title={label}
      className="relative grid size-11 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon name="bell" />
      {count > 0 && (
        <span
          aria-hidden
          className="absolute top-1 right-0.5 min-w-5 rounded-full bg-accent px-1 text-center text-xs font-semibold text-accent-ink"
        >
          {said}
        </span>
      )}
    </Link>
  );
}
