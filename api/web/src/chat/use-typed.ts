import { useEffect, useRef, useState } from 'react';
import { keepTyped, readTyped } from './typed';

/** What is being written in a conversation, which survives a reload; it moves along when a new one begins. */
export function useTyped(sessionId: string | null, who: string, linked: string | null) {
  const [typed, setTyped] = useState(() => readTyped(sessionId, who, linked));
  const kept = useRef(sessionId);
  useEffect(() => {
    if (kept.current !== sessionId) keepTyped(kept.current, who, { text: '', photos: [] });
    kept.current = sessionId;
    keepTyped(sessionId, who, typed);
  }, [sessionId, who, typed]);
  return [typed, setTyped] as const;
}
