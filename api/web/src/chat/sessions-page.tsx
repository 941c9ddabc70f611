import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import { ApiError } from '../api/errors';
import { keys } from '../api/keys';
import { useWho } from '../auth/who';
import { Badge } from '../ui/badge';
import { ButtonLink, IconButton } from '../ui/button';
import { CardLink } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { Time } from '../ui/time';
import { toast } from '../ui/toast';
import { roleWords, titleOf, useConversations } from './conversations';
import type { Session } from './conversations';
import { dropAllOf, GUEST } from './outbox';
import { keepTyped } from './typed';

/** All conversations. */
export default function SessionsPage() {
  const { status } = useWho();
  return (
    <Page
      title="Conversations"
      actions={
        <ButtonLink to="/" icon="plus">
          New conversation
        </ButtonLink>
      }
    >
      {status === 'loading' ? (
        <ListSkeleton className="h-20" />
      ) : (
        <Panel skeleton={<ListSkeleton className="h-20" />}>
          <Conversations />
        </Panel>
      )}
    </Page>
  );
}

function Conversations() {
  const pages = useConversations();
  const [leaving, setLeaving] = useState<Session | null>(null);
  return (
    <>
      <InfiniteList
        label="Conversations"
        pages={pages}
        keyOf={({ id }) => id}
        skeleton={<ListSkeleton className="h-20" />}
        empty={
          <EmptyState icon="chat" title="No conversations yet" action={<ButtonLink to="/">Begin one</ButtonLink>}>
            Tell Proxie what you need. What you said is kept here.
          </EmptyState>
        }
      >
        {(session) => (
          <div className="flex items-center gap-1">
            <CardLink to={`/chat/${session.id}`} className="grid min-w-0 flex-1 gap-1">
              <span className="line-clamp-2 font-medium [overflow-wrap:anywhere]">{titleOf(session)}</span>
              <span className="flex flex-wrap items-center gap-2 text-sm text-muted">
                <Badge>{roleWords(session.role)}</Badge>
                <Time at={session.updated_at} ago />
              </span>
            </CardLink>
            <IconButton name="trash" label={`Delete ${titleOf(session)}`} onClick={() => setLeaving(session)} />
          </div>
        )}
      </InfiniteList>
      <DeleteDialog session={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

function DeleteDialog({ session, onClose }: { session: Session | null; onClose: () => void }) {
  const queries = useQueryClient();
  const { user } = useWho();

  async function remove(id: string) {
    try {
      await call(client.DELETE('/chat/sessions/{session_id}', { params: { path: { session_id: id } } }));
    } catch (error) {
      // Another device was faster.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
    }
    keepTyped(id, user?.id ?? GUEST, { text: '', photos: [] });
    dropAllOf(id);
    await queries.invalidateQueries({ queryKey: keys.sessions.all });
    toast('Conversation deleted.');
  }

  return (
    <ConfirmDialog
      open={session !== null}
      onClose={onClose}
      title="Delete this conversation?"
      description={
        session === null
          ? undefined
          : `Everything said in “${titleOf(session)}” goes. Requests and bookings that came of it stay.`
      }
      confirm="Delete conversation"
      danger
      onConfirm={() => (session === null ? Promise.resolve() : remove(session.id))}
    />
  );
}
