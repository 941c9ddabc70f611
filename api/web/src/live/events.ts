import type { QueryKey } from '@tanstack/react-query';
import { keys } from '../api/keys';

/** Something that happened, as the server tells it. What it tells of it is asked for anew, so only what it is about counts here. */
export interface LiveEvent {
  /** Its number among all that the user is told. */
  seq: number;
  type: string;
  sessionId: string | null;
  taskId: string | null;
}

/** Reads an event `{seq, type, at, data}`; null if it is none. */
export function readEvent(told: unknown): LiveEvent | null {
  const { seq, type, data } = fieldsOf(told);
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || typeof type !== 'string') return null;
  const about = fieldsOf(data);
  return { seq, type, sessionId: idIn(about, 'session_id'), taskId: idIn(about, 'task_id') };
}

/** The `seq` of what the server says; null if it says none. */
export function readSeq(told: unknown): number | null {
  const { seq } = fieldsOf(told);
  return typeof seq === 'number' ? seq : null;
}

const offers = [keys.offers.all, keys.requests.all, keys.leads.all];
// A booking takes times that were free.
const bookings = [keys.bookings.all, keys.requests.all, keys.offers.all, keys.leads.all, keys.providers.all];

const concerned: Readonly<Record<string, readonly QueryKey[]>> = {
  'message:new': [keys.sessions.all],
  'request:updated': [keys.requests.all, keys.leads.all],
  'offer:new': offers,
  'offer:updated': offers,
  'lead:new': [keys.leads.all],
  'booking:confirmed': bookings,
  'booking:updated': bookings,
  'booking:cancelled': bookings,
  'notification:new': [keys.notifications.all],
};

/** What may be another after an event. */
export function keysOf({ type, taskId }: LiveEvent): readonly QueryKey[] {
  if (type === 'task:update') return taskId === null ? [] : [keys.tasks.one(taskId)];
  return concerned[type] ?? [];
}

/** Everything that events tell of. */
export const toldOf: readonly QueryKey[] = [...new Set(Object.values(concerned).flat())];

function fieldsOf(told: unknown): Record<string, unknown> {
  return typeof told === 'object' && told !== null ? Object.fromEntries(Object.entries(told)) : {};
}

function idIn(fields: Record<string, unknown>, name: string): string | null {
  const id = fields[name];
  return typeof id === 'string' ? id : null;
}
