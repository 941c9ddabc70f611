import { storage } from '../storage';
import { readKept } from './kept';
import { GUEST } from './outbox';
import type { Media } from './transcript';

/** What is being written: kept while it is typed, so that a reload or a crash takes nothing away. */
export interface Typed {
  text: string;
  /** Photos that are uploaded already. */
  photos: readonly Media[];
}

const NOTHING: Typed = { text: '', photos: [] };

/** Where it is kept: by conversation, and what is to begin one by person. */
function typedKey(sessionId: string | null, who: string): string {
  return `proxie.typed.${sessionId ?? `new.${who}`}`;
}

/** What was being written, with what a link brings along. Who has just signed in goes on with what they wrote as a guest. */
export function readTyped(sessionId: string | null, who: string, linked: string | null): Typed {
  const kept = readKept(typedKey(sessionId, who), isTyped) ?? readKept(typedKey(sessionId, GUEST), isTyped) ?? NOTHING;
  if (linked === null || kept.text.includes(linked)) return kept;
  return { ...kept, text: kept.text.trim() === '' ? linked : `${kept.text}\n\n${linked}` };
}

export function keepTyped(sessionId: string | null, who: string, typed: Typed): void {
  const isEmpty = typed.text === '' && typed.photos.length === 0;
  if (isEmpty) storage.remove(typedKey(sessionId, who));
  else storage.write(typedKey(sessionId, who), JSON.stringify(typed));
  if (sessionId === null && who !== GUEST) storage.remove(typedKey(null, GUEST));
}

function isTyped(kept: object): kept is Typed {
  return 'text' in kept && typeof kept.text === 'string' && 'photos' in kept && Array.isArray(kept.photos);
}
