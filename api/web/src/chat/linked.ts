import type { View } from '../api/client';

/** What a link into the chat brings along: `/?request=…&text=…`, `/?role=enrollment`. */
interface Linked {
  context: View<'ContextBody'> | null;
  role: 'enrollment' | null;
  /** What is put into the composer. */
  text: string | null;
}

const contexts = [
  ['request', 'request_id'],
  ['offer', 'offer_id'],
  ['booking', 'booking_id'],
  ['provider', 'provider_id'],
] as const;

export function readLinked(params: URLSearchParams): Linked {
  const named = contexts.flatMap(([name, field]) => {
    const id = params.get(name);
    return id === null ? [] : [{ [field]: id }];
  });
  return {
    // A message is about one thing.
    context: named[0] ?? null,
    role: params.get('role') === 'enrollment' ? 'enrollment' : null,
    text: params.get('text'),
  };
}

/** What a message is about, in words. */
export function contextWords(context: View<'ContextBody'>): string {
  if (context.request_id !== undefined) return 'this request';
  if (context.offer_id !== undefined) return 'this offer';
  return context.booking_id !== undefined ? 'this booking' : 'this provider';
}
