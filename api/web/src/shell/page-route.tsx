import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { Suspense } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router';
import type { RouteObject } from 'react-router';
import { Guarded } from '../auth/access';
import type { PageEntry } from '../routes';
import { Boundary } from '../ui/boundary';
import { Failure } from '../ui/failure';
import { late } from '../ui/late';
import { Page } from '../ui/page';
import { PageSkeleton } from '../ui/skeleton';

/** The routes of a page: guarded, loaded when needed, with a boundary of its own. */
export function pageRoute({ paths, access, load }: PageEntry): RouteObject[] {
  const Content = late(load);
  const stays = paths.length > 1;
  return paths.map((path) => ({
    path,
    element: (
      <PageBoundary stays={stays}>
        <Guarded access={access}>
          <Content />
        </Guarded>
      </PageBoundary>
    ),
  }));
}

/** Another address is another page, unless the page says that it stays. */
function PageBoundary({ stays, children }: { stays: boolean; children: ReactNode }) {
  const { pathname } = useLocation();
  const { reset } = useQueryErrorResetBoundary();
  return (
    <Boundary
      key={stays ? 'stays' : pathname}
      resetKey={pathname}
      onReset={reset}
      fallback={(error, again) => (
        <Page title="This page has a problem">
          <Failure error={error} onRetry={again} />
        </Page>
      )}
    >
      <Suspense fallback={<PageSkeleton />}>{children}</Suspense>
    </Boundary>
  );
}
