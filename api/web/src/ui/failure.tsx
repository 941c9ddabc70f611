import { ApiError, detailOf } from '../api/errors';
import { Button } from './button';
import { Icon } from './icons';
import { CodeLoadError } from './late';

interface FailureProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  minHeight?: number;
}

/** What went wrong, and another try. */
export function Failure({ error, onRetry, minHeight = 0 }: FailureProps) {
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : null;
  const retry = error instanceof CodeLoadError ? () => location.reload() : onRetry;
  return (
    <div
      role="alert"
      style={{ minHeight }}
      className="grid place-content-center justify-items-center gap-2 rounded-card border border-line bg-surface p-4 text-center"
    >
      <span className="text-bad">
        <Icon name="warning" />
      </span>
      <p className="max-w-prose">{detailOf(error)}</p>
      {requestId !== null && <p className="text-sm break-all text-muted">For support: {requestId}</p>}
      {retry !== undefined && (
        <Button look="plain" size="small" icon="refresh" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
