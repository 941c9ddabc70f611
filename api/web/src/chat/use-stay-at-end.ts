import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/** So near to the end counts as being there. */
const NEAR_PX = 80;

interface Place {
  /** What grows: all that was said, and what is being written. */
  content: RefObject<HTMLElement | null>;
  /** Whether something new is below what is seen. */
  hasNews: boolean;
  toEnd: () => void;
}

/**
 * Keeps the end of the page in sight while what is said grows, if it was in sight; else tells that there is news. What is put in
 * before `first` moves nothing.
 */
export function useStayAtEnd(first: string | null, last: string | null): Place {
  const content = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const before = useRef({ first, height: 0 });
  const [seen, setSeen] = useState(last);
  const [isAway, setAway] = useState(false);

  useEffect(() => {
    const look = () => {
      isAtEnd.current = distanceToEnd() < NEAR_PX;
      setAway(!isAtEnd.current);
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);

  useEffect(() => {
    if (content.current === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => {
      before.current.height = entry?.contentRect.height ?? 0;
      if (isAtEnd.current) scrollToEnd();
    });
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  // Before it is painted: what was seen is moved down by as much as came in above.
  useLayoutEffect(() => {
    const { first: firstBefore, height } = before.current;
    before.current.first = first;
    if (firstBefore === null || firstBefore === first || isAtEnd.current) return;
    const grown = (content.current?.getBoundingClientRect().height ?? 0) - height;
    window.scrollBy({ top: grown, behavior: 'instant' });
  }, [first]);

  if (!isAway && seen !== last) setSeen(last);
  return {
    content,
    hasNews: isAway && seen !== last,
    toEnd: () => {
      isAtEnd.current = true;
      scrollToEnd();
    },
  };
}

function distanceToEnd(): number {
  return document.documentElement.scrollHeight - window.scrollY - window.innerHeight;
}

function scrollToEnd(): void {
  // At once: on a slow way there, what grows meanwhile would not be followed.
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
}
