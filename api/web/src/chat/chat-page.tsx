import { useParams } from 'react-router';
import { useWho } from '../auth/who';
import { PageSkeleton } from '../ui/skeleton';
import { ConversationView } from './conversation-view';
import { GUEST } from './outbox';
import { RecentConversations } from './recent-conversations';
import { useConversation } from './use-conversation';

/** A conversation, or a new one that is yet to begin. */
export default function ChatPage() {
  const { status, trouble, user } = useWho();
  const { sessionId = null } = useParams();
  if (status === 'loading') return <PageSkeleton trouble={trouble} />;
  return <Chat sessionId={sessionId} who={user?.id ?? GUEST} />;
}

function Chat({ sessionId, who }: { sessionId: string | null; who: string }) {
  const opened = useConversation(sessionId, who);
  return (
    <div className="mx-auto grid w-full max-w-6xl lg:grid-cols-[16rem_minmax(0,1fr)]">
      <aside className="sticky top-(--header) hidden h-[calc(100dvh-var(--header))] overflow-y-auto border-r border-line p-4 lg:block">
        <RecentConversations current={sessionId} />
      </aside>
      <ConversationView key={opened.conversation.key} {...opened} />
    </div>
  );
}
