import { useWho } from '../auth/who';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { useNow } from '../ui/now';
import { GUEST, isSafe } from './outbox';
import type { Entry } from './outbox';

interface UnsentProps {
  entry: Entry;
  onAgain: () => void;
  /** It is not sent any more; its text goes back into the composer. */
  onRemove: () => void;
}

/** Below what the server does not have: that it is on its way, or what is in the way. */
export function Unsent({ entry, onAgain, onRemove }: UnsentProps) {
  const { user } = useWho();
  const now = useNow().getTime();
  const isWaiting = entry.refusal === null && isSafe(entry, user?.id ?? GUEST, now);
  if (isWaiting) return <p className="text-sm text-muted">Sending…</p>;
  return (
    <Notice tone="warn" role="alert">
      <p>{entry.refusal ?? 'This was not confirmed, and it has been a while. Is it still to be sent?'}</p>
      <div className="mt-1.5 flex flex-wrap gap-2">
        <Button look="plain" size="small" icon="refresh" onClick={onAgain}>
          Send again
        </Button>
        <Button look="quiet" size="small" icon="edit" onClick={onRemove}>
          Edit
        </Button>
      </div>
    </Notice>
  );
}
