const KEY = 'proxie.begun';
/** Longer than it takes from asking for a reload until the page has gone. */
const MOMENT_MS = 5_000;

/** In this tab a conversation has begun, and is about to be given its address. */
export function rememberBegun(sessionId: string): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ sessionId, at: Date.now() }));
  } catch {
    // Then a reload in that moment shows an empty page.
  }
}

/**
 * A reload that was asked for just before a conversation had its address comes to the address before, and nothing would be
 * there any more of what was said. The conversation that began then; null if there is none.
 */
export function begunBeforeReload(): string | null {
  const [visit] = performance.getEntriesByType('navigation');
  if (!(visit instanceof PerformanceNavigationTiming) || visit.type !== 'reload') return null;
  try {
    const begun: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    return isBegun(begun) && Date.now() - begun.at < MOMENT_MS ? begun.sessionId : null;
  } catch {
    return null;
  }
}

function isBegun(kept: unknown): kept is { sessionId: string; at: number } {
  return (
    typeof kept === 'object' &&
    kept !== null &&
    'sessionId' in kept &&
    typeof kept.sessionId === 'string' &&
    'at' in kept &&
    typeof kept.at === 'number'
  );
}
