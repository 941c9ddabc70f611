import { askConfig } from '../api/config';
import { ApiError, NetworkError, isAbort } from '../api/errors';

/** Something that went wrong in this client. */
export interface Report {
  error: unknown;
  /** Whether a boundary caught it, so that the person was told. */
  isCaught: boolean;
  /** In which components, from the innermost on. */
  componentStack: string | null;
}

/** How many are kept until it is known where they go: what is wrong from the start says it in the first few. */
const MOST_WAITING = 10;

let waiting: Report[] = [];
/** Takes the reports; null until it is known who does. */
let receiver: ((report: Report) => void) | null = null;

/** For the root of React: what boundaries catch, those of the app, of pages and of panels. */
export function reportCaught(error: unknown, { componentStack }: { componentStack?: string | undefined }): void {
  report({ error, isCaught: true, componentStack: componentStack ?? null });
}

/**
 * Reports errors to Sentry, if the server names a project there; else nothing of Sentry is loaded. To be called once, after
 * the page is shown. Answers how to stop.
 */
export function startReports(): () => void {
  window.addEventListener('error', onError);
  window.addEventListener('unhandledrejection', onRejection);
  const stop = () => {
    window.removeEventListener('error', onError);
    window.removeEventListener('unhandledrejection', onRejection);
    receiver = () => undefined;
    waiting = [];
  };
  // Where nothing can be reported, neither can that.
  findReceiver().then((found) => (found === null ? stop() : begin(found)), stop);
  return stop;
}

/** The answer of the API that is at the bottom of an error. */
export function apiErrorOf(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  return error instanceof Error && error.cause !== undefined ? apiErrorOf(error.cause) : null;
}

function report(one: Report): void {
  // Nobody is to blame for a network that is away.
  if (one.error instanceof NetworkError || isAbort(one.error)) return;
  if (receiver !== null) receiver(one);
  else if (waiting.length < MOST_WAITING) waiting.push(one);
}

async function findReceiver(): Promise<((report: Report) => void) | null> {
  const { sentryDsn, release } = await askConfig();
  if (sentryDsn === null) return null;
  const { openSentry } = await import('./sentry');
  return openSentry(sentryDsn, release);
}

function begin(found: (report: Report) => void): void {
  receiver = found;
  for (const one of waiting) found(one);
  waiting = [];
}

function onError(event: ErrorEvent): void {
  const error: unknown = event.error;
  // A script of somebody else's (an extension) tells no more than that there was one.
  if (error != null) report({ error, isCaught: false, componentStack: null });
}

function onRejection(event: PromiseRejectionEvent): void {
  const error: unknown = event.reason;
  report({ error, isCaught: false, componentStack: null });
}
