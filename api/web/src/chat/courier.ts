import { call, client } from '../api/client';
import type { View } from '../api/client';
import { ApiError, NetworkError, detailOf, hasCode, isAbort } from '../api/errors';
import { becomeGuest, onSessionChange, readSession } from '../api/session';
import { drop, GUEST, isSafe, moveTo, onOutboxChange, readOutboxNow, refuse } from './outbox';
import type { Entry } from './outbox';
import { pauseBefore } from './pause';

/** A message is taken at once, or something is in the way. */
const PATIENCE_MS = 20_000;

type Taken = View<'ChatView'>;

/** Why nothing is sent for the moment, and when it is tried again. */
export interface Trouble {
  detail: string;
  until: number;
}

interface Listener {
  onTaken: (entry: Entry, taken: Taken) => void;
  onRefused: (entry: Entry, error: unknown) => void;
  onTrouble: () => void;
}

const listeners = new Set<Listener>();
let trouble: Trouble | null = null;
let failures = 0;
let isSending = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let stop = (): void => undefined;

/** Who sits here, as the outbox calls them; null while that is not known. */
function whoIsHere(): string | null {
  const session = readSession();
  return session.status === 'loading' ? null : session.status === 'guest' ? GUEST : session.user.id;
}

export function readTrouble(): Trouble | null {
  return trouble;
}

/**
 * Hears what becomes of what is said. As long as anybody listens, all that waits in the outbox is sent, one after the other,
 * whichever conversation is looked at.
 */
export function listenToCourier(listener: Listener): () => void {
  listeners.add(listener);
  if (listeners.size === 1) stop = start();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

/** Tries at once what waits for another try. */
export function hurry(): void {
  clearTimeout(timer);
  timer = undefined;
  void sendAll();
}

function start(): () => void {
  const stops = [onOutboxChange(() => void sendAll()), onSessionChange(() => void sendAll())];
  window.addEventListener('online', hurry);
  void sendAll();
  return () => {
    for (const end of stops) end();
    window.removeEventListener('online', hurry);
    clearTimeout(timer);
    timer = undefined;
  };
}

async function sendAll(): Promise<void> {
  if (isSending || timer !== undefined) return;
  isSending = true;
  try {
    for (let entry = next(); entry !== undefined && listeners.size > 0; entry = next()) {
      try {
        taken(entry, await send(entry));
      } catch (error) {
        if (willPass(error)) {
          later(error);
          return;
        }
        refused(entry, error);
      }
    }
  } finally {
    isSending = false;
  }
}

function next(): Entry | undefined {
  const who = whoIsHere();
  return who === null
    ? undefined
    : readOutboxNow().find((entry) => entry.refusal === null && isSafe(entry, who, Date.now()));
}

async function send(entry: Entry): Promise<Taken> {
  // A key counts only with a token, and a first message has nothing else by which it is known.
  if (entry.sessionId === null) await becomeGuest();
  const body = {
    ...entry.more,
    session_id: entry.sessionId,
    client_message_id: entry.id,
    ...(entry.text === '' ? {} : { message: entry.text }),
    ...(entry.photos.length === 0 ? {} : { media: entry.photos.map(({ id }) => id) }),
  };
  const params = { header: { 'Idempotency-Key': entry.id } };
  return call(client.POST('/chat', { body, params, signal: AbortSignal.timeout(PATIENCE_MS) }));
}

function taken(entry: Entry, answer: Taken): void {
  failures = 0;
  become(null);
  // First who looks at it learns what it has become, so that it does not vanish in between.
  for (const listener of listeners) listener.onTaken(entry, answer);
  // Then what was said after it, so that no other tab begins another conversation with that.
  if (entry.sessionId === null && answer.session_id != null) moveTo(entry.conversation, answer.session_id);
  drop(entry.id);
}

function refused(entry: Entry, error: unknown): void {
  failures = 0;
  become(null);
  // A button of a draft that is another by now is of no use any more; words are.
  if (hasCode(error, 'draft_changed')) drop(entry.id);
  else refuse(entry, detailOf(error));
  for (const listener of listeners) listener.onRefused(entry, error);
}

function later(error: unknown): void {
  const pause = pauseBefore(++failures, error);
  become({ detail: kindDetail(error), until: Date.now() + pause });
  if (listeners.size === 0) return;
  timer = setTimeout(hurry, pause);
}

/** What the API says of its limit is for who writes programs. */
function kindDetail(error: unknown): string {
  return hasCode(error, 'rate_limited') ? 'That was a lot in a short time: a moment, please.' : detailOf(error);
}

function become(next: Trouble | null): void {
  if (trouble === next) return;
  trouble = next;
  for (const listener of listeners) listener.onTrouble();
}

/** What another try may get through: no network, a limit, something that is down, a sign-in that is to be renewed. */
function willPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return error instanceof NetworkError || isAbort(error);
  const { status, code } = error;
  return status >= 500 || status === 401 || status === 408 || status === 429 || code === 'idempotency_in_flight';
}
