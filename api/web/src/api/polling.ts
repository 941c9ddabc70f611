/** Whether the server tells of news by itself (`src/live`), so that nobody has to ask now and then. */
let isTold = false;
const listeners = new Set<() => void>();

export function isToldOfNews(): boolean {
  return isTold;
}

export function onToldChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setTold(now: boolean): void {
  if (isTold === now) return;
  isTold = now;
  for (const listener of listeners) listener();
}

/** For `refetchInterval`: asks every so often, while the server does not tell of news by itself. */
export function pollEvery(ms: number): () => number | false {
  return () => (isTold ? false : ms);
}
