import { useRef } from 'react';

/**
 * One `Idempotency-Key` for each intent: the same for every try of one and the same `body`, another for another body (`{}` where there is none).
 *
 *     const key = useIdempotencyKey();
 *     mutationFn: (body) => call(client.POST('/reviews', { body, params: { header: key(body) } }))
 */
export function useIdempotencyKey(): (body: object) => { 'Idempotency-Key': string } {
  const last = useRef<{ body: string; key: string } | null>(null);
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current?.body !== text) last.current = { body: text, key: crypto.randomUUID() };
    return { 'Idempotency-Key': last.current.key };
  };
}
