import { Badge } from '../ui/badge';
import { ButtonLink } from '../ui/button';
import { roleWords, titleOf } from './conversations';
import type { Session } from './conversations';

/** Above a conversation: what it is, and on small screens the way to the others. */
export function ConversationTop({ session }: { session: Session | null }) {
  return (
    <div className="flex min-h-14 items-center gap-2 border-b border-line py-1.5">
      <p className="min-w-0 flex-1 truncate text-sm font-medium">
        {session === null ? 'New conversation' : titleOf(session)}
      </p>
      {(session?.role === 'provider' || session?.role === 'enrollment') && <Badge>{roleWords(session.role)}</Badge>}
      <ButtonLink to="/chats" look="quiet" size="small" icon="list" className="lg:hidden">
        All
      </ButtonLink>
      {session !== null && (
        <ButtonLink to="/" look="quiet" size="small" icon="plus" className="lg:hidden">
          New
        </ButtonLink>
      )}
    </div>
  );
}
