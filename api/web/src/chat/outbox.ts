import type { View } from '../api/client';
import { storage } from '../storage';
import { readKept } from './kept';
import type { Media } from './transcript';

type Body = View<'ChatBody'>;
export type Action = View<'ButtonBody'>;

/** Something said that the server has not taken yet. */
export interface Entry {
  /** Its `client_message_id`, made when it is sent first: however often it is sent, it is taken once. */
  id: string;
  /** Whose it is: a user's id, or `guest`. */
  who: string;
  /** The conversation: its id, or a name of our own for one that is yet to begin. */
  conversation: string;
  sessionId: string | null;
  /** When it was said; the order in which it is sent. */
  at: number;
  text: string;
  photos: readonly Media[];
  /** What is sent beside: the same each time. */
  more: Pick<Body, 'role' | 'action' | 'context'>;
  /** Why the server did not take it; it is not sent again by itself then. */
  refusal: string | null;
}

const PREFIX = 'proxie.outbox.';
export const GUEST = 'guest';
/** How long the API knows a first message by its `Idempotency-Key` (24 h), with a margin. */
const KNOWN_MS = 23 * 3_600_000;

const listeners = new Set<() => void>();
/** Where the browser keeps nothing, what waits lives as long as this page. */
const unkept = new Map<string, Entry>();
let entries: readonly Entry[] = [];
let lastAt = 0;

/** What waits to be sent in this browser, by all of its tabs: each entry has a key of its own, so that tabs do not meet. */
export function readOutbox(): readonly Entry[] {
  return listeners.size === 0 ? readOutboxNow() : entries;
}

/** The same, past what other tabs have not told yet. */
export function readOutboxNow(): readonly Entry[] {
  const kept = storage.keys(PREFIX).map((key) => readKept(key, isEntry));
  return [...kept.filter((entry) => entry !== null), ...unkept.values()].sort((one, other) => one.at - other.at);
}

export function onOutboxChange(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('storage', onStorage);
    entries = readOutboxNow();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener('storage', onStorage);
  };
}

/** Keeps something until the server has it. */
export function post(said: Omit<Entry, 'id' | 'at' | 'refusal'>): Entry {
  lastAt = Math.max(Date.now(), lastAt + 1);
  const entry = { ...said, id: newId(said.more.action), at: lastAt, refusal: null };
  write(entry);
  return entry;
}

/** The server has it, or nobody wants it sent any more. */
export function drop(id: string): void {
  storage.remove(PREFIX + id);
  unkept.delete(id);
  changed();
}

/** The conversation is no more. */
export function dropAllOf(conversation: string): void {
  for (const entry of readOutboxNow()) {
    if (entry.conversation === conversation) drop(entry.id);
  }
}

/** The server will not take it. */
export function refuse(entry: Entry, refusal: string): void {
  write({ ...entry, refusal });
}

/** What was refused is tried as a new message: the refusal is the answer to the old one. */
export function sayAgain(entry: Entry, who: string): void {
  drop(entry.id);
  post({ ...entry, who });
}

/** A conversation has begun: what else was said in it goes there. */
export function moveTo(conversation: string, sessionId: string): void {
  for (const entry of readOutboxNow()) {
    if (entry.conversation === conversation) write({ ...entry, conversation: sessionId, sessionId });
  }
}

/** Whether it is shown to this person: what a guest said here goes along when they sign in. */
export function isOf(entry: Entry, who: string): boolean {
  return entry.who === who || entry.who === GUEST;
}

/**
 * Whether sending it (once more) cannot make it a second message. In a conversation the API knows it for good; a first message
 * it knows by its key, which holds for a day and for one person.
 */
export function isSafe(entry: Entry, who: string, now: number): boolean {
  return isOf(entry, who) && (entry.sessionId !== null || (entry.who === who && now - entry.at < KNOWN_MS));
}

/** The conversation that this person has begun and of which the server does not know. */
export function begunBy(who: string): string | null {
  return readOutbox().find((entry) => entry.sessionId === null && isOf(entry, who))?.conversation ?? null;
}

const ACTIONS: readonly Action['kind'][] = ['approve', 'edit', 'cancel'];

/** The button that a message without words pressed, which its id says: the API does not tell. */
export function actionOf(clientMessageId: string | null | undefined): Action['kind'] | null {
  return ACTIONS.find((kind) => clientMessageId?.startsWith(`${kind}-`)) ?? null;
}

function newId(action: Body['action']): string {
  const id = crypto.randomUUID();
  return typeof action === 'object' && action !== null ? `${action.kind}-${id}` : id;
}

function write(entry: Entry): void {
  const key = PREFIX + entry.id;
  storage.write(key, JSON.stringify(entry));
  if (storage.read(key) === null) unkept.set(entry.id, entry);
  changed();
}

function changed(): void {
  entries = readOutboxNow();
  for (const listener of listeners) listener();
}

function onStorage(event: StorageEvent): void {
  if (event.key === null || event.key.startsWith(PREFIX)) changed();
}

function isEntry(kept: object): kept is Entry {
  return 'id' in kept && 'conversation' in kept && 'photos' in kept && 'more' in kept;
}
