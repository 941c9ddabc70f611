import { ApiError } from '../api/errors';

const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait after so many failures in a row: as long as the API says, else longer each time, and never all at once. */
export function pauseBefore(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.retryAfter : null;
  if (asked !== null) return asked * 1_000;
  const longest = Math.min(SHORTEST_MS * 2 ** failures, LONGEST_MS);
  return longest / 2 + (Math.random() * longest) / 2;
}

/** Waits; less long if it is aborted, or as soon as the network is back. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      window.removeEventListener('online', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
    window.addEventListener('online', wake);
    if (signal.aborted) wake();
  });
}
