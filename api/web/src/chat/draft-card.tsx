import { useWho } from '../auth/who';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { useNow } from '../ui/now';
import { formatAgo, formatDateTime } from '../ui/times';
import { DraftFields } from './draft-fields';
import { draftWords, missingWords } from './drafts';
import type { Action } from './outbox';
import { SignUp } from './sign-up';
import type { Draft } from './transcript';

/** So soon before it lapses it is told. */
const SOON_MS = 24 * 3_600_000;

interface DraftCardProps {
  draft: Draft;
  sessionId: string | null;
  /** Something is being answered: what is shown may be another in a moment. */
  isBusy: boolean;
  /** Whether a button was pressed of what this has replaced. */
  isChanged: boolean;
  onPress: (kind: Action['kind']) => void;
}

/** What the agent has prepared, and what happens only if one says so. */
export default function DraftCard({ draft, sessionId, isBusy, isChanged, onPress }: DraftCardProps) {
  const { status } = useWho();
  const now = useNow();
  const { title, approve, effect, isEnd = false } = draftWords(draft.kind);
  const left = new Date(draft.expires_at).getTime() - now.getTime();
  const isOver = left <= 0;
  const isGuest = status === 'guest';
  const isComplete = draft.missing.length === 0;
  return (
    <section
      aria-label={`Draft: ${title}`}
      className="grid gap-4 rounded-card border-2 border-accent bg-surface p-4 sm:p-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-serif text-lg font-semibold">{title}</h2>
        <Badge tone={isOver ? 'neutral' : 'accent'}>{isOver ? 'Lapsed' : 'Draft'}</Badge>
      </div>
      {isChanged && (
        <Notice tone="warn" role="alert">
          The draft had changed when you pressed the button, so nothing was done. This is how it is now.
        </Notice>
      )}
      <DraftFields draft={draft} />
      {!isComplete && (
        <p className="text-sm">
          Still missing: <strong className="font-medium">{draft.missing.map(missingWords).join(', ')}</strong>.
        </p>
      )}
      {isOver ? (
        <p className="text-sm text-muted">Nobody approved it in time. Say what you need, and it is prepared anew.</p>
      ) : (
        <>
          {isComplete && <p className="text-sm text-muted">{effect}</p>}
          {left < SOON_MS && (
            <p className="text-sm text-warn" title={formatDateTime(draft.expires_at)}>
              It lapses {formatAgo(draft.expires_at, now)}.
            </p>
          )}
          {isComplete && isGuest && <SignUp sessionId={sessionId} />}
          <div className="flex flex-wrap gap-2">
            {isComplete && !isGuest && (
              <Button look={isEnd ? 'danger' : 'primary'} disabled={isBusy} onClick={() => onPress('approve')}>
                {approve}
              </Button>
            )}
            <Button look="plain" disabled={isBusy} onClick={() => onPress('edit')}>
              Change
            </Button>
            <Button look="quiet" disabled={isBusy} onClick={() => onPress('cancel')}>
              Drop
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
