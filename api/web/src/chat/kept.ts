import { readJson } from '../storage';

/** Reads what this browser keeps under a key, if it is what it was when it was written. */
export function readKept<Kept extends object>(key: string, isKept: (kept: object) => kept is Kept): Kept | null {
  const kept = readJson(key);
  return typeof kept === 'object' && kept !== null && isKept(kept) ? kept : null;
}
