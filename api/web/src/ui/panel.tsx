import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { ApiError } from '../api/errors';
import { Boundary } from './boundary';
import { Failure } from './failure';
import { ListSkeleton } from './skeleton';

interface PanelProps {
  children: ReactNode;
  /** Of the size of what will be here. */
  skeleton?: ReactNode;
  /** When this changes (the id of what is shown), a failure is forgotten. */
  resetKey?: string;
}

/**
 * A part of a page that loads and fails by itself. Its queries may suspend (`useSuspenseQuery`) or not (`useQuery`): a
 * failure without data comes here, keeps the height that was there, and is tried again by a button.
 */
export function Panel({ children, skeleton = <ListSkeleton />, resetKey }: PanelProps) {
  const { reset } = useQueryErrorResetBoundary();
  const content = useRef<HTMLDivElement>(null);
  const height = useLastHeight(content);
  return (
    <div ref={content}>
      <Boundary
        resetKey={resetKey}
        onReset={reset}
        fallback={(error, again) => (
          <Failure error={error} minHeight={height} onRetry={isFinal(error) ? undefined : again} />
        )}
      >
        <Suspense fallback={skeleton}>{children}</Suspense>
      </Boundary>
    </div>
  );
}

/** What another try cannot change. */
function isFinal(error: Error): boolean {
  return error instanceof ApiError && (error.status === 403 || error.status === 404);
}

/** How high an element was when its size last changed. */
function useLastHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (element.current === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 0));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return height;
}
