import { ApiError } from '../api/errors';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Failure } from '../ui/failure';

/** A conversation that could not be read: it is gone or somebody else's, or something is away. */
export function ReadFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof ApiError && (error.status === 403 || error.status === 422);
  if (!isGone) return <Failure error={error} onRetry={onRetry} minHeight={240} />;
  return (
    <EmptyState
      icon="chat"
      title="This conversation is not here"
      action={
        <>
          <ButtonLink to="/">New conversation</ButtonLink>
          <ButtonLink to="/chats" look="quiet">
            Your conversations
          </ButtonLink>
        </>
      }
    >
      It was deleted, or belongs to another account. Whoever began it can sign in to see it.
    </EmptyState>
  );
}
