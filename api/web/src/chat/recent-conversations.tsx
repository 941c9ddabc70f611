import { NavLink } from 'react-router';
import { ButtonLink } from '../ui/button';
import { classNames } from '../ui/class-names';
import { InfiniteList } from '../ui/infinite-list';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { formatAgo } from '../ui/times';
import { titleOf, useConversations } from './conversations';

/** Beside a conversation, where there is room: the others. */
export function RecentConversations({ current }: { current: string | null }) {
  return (
    <nav aria-label="Conversations" className="grid gap-3">
      <ButtonLink to="/" look="plain" size="small" icon="plus" aria-current={current === null ? 'page' : undefined}>
        New conversation
      </ButtonLink>
      <Panel skeleton={<ListSkeleton className="h-12" />}>
        <Recent />
      </Panel>
    </nav>
  );
}

function Recent() {
  const pages = useConversations();
  return (
    <InfiniteList
      label="Conversations"
      pages={pages}
      keyOf={({ id }) => id}
      empty={<p className="px-2 text-sm text-muted">What you talk about will be listed here.</p>}
      skeleton={<ListSkeleton className="h-12" />}
      className="grid gap-0.5"
    >
      {(session) => (
        <NavLink
          to={`/chat/${session.id}`}
          className={({ isActive }) =>
            classNames('block rounded-control px-2 py-1.5 hover:bg-sunken', isActive && 'bg-sunken font-medium')
          }
        >
          <span className="line-clamp-2 text-sm [overflow-wrap:anywhere]">{titleOf(session)}</span>
          <span className="text-xs text-muted">{formatAgo(session.updated_at)}</span>
        </NavLink>
      )}
    </InfiniteList>
  );
}
