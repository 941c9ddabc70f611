import { detailOf } from '../api/errors';
import { Button, Spinner } from '../ui/button';
import { Icon } from '../ui/icons';

interface SaveStateProps {
  status: 'saved' | 'waiting' | 'saving' | 'failed';
  failure: unknown;
  onRetry: () => void;
}

/** Whether what is entered is saved; it is said to who does not see it, too. */
export function SaveState({ status, failure, onRetry }: SaveStateProps) {
  return (
    <div role="status" className="flex min-h-9 flex-wrap items-center gap-2 text-sm text-muted">
      {status === 'saved' && (
        <>
          <Icon name="check" size={16} />
          Saved
        </>
      )}
      {(status === 'waiting' || status === 'saving') && (
        <>
          <Spinner />
          Saving …
        </>
      )}
      {status === 'failed' && (
        <>
          <span className="text-bad">Not everything is saved yet. {detailOf(failure)}</span>
          <Button look="plain" size="small" icon="refresh" onClick={onRetry}>
            Save now
          </Button>
        </>
      )}
    </div>
  );
}
