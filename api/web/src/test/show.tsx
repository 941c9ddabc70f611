import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { RouterProvider, createMemoryRouter, useLocation } from 'react-router';
import { makeQueryClient } from '../api/queries';
import { WhoProvider } from '../auth/who';
import { Panel } from '../ui/panel';

interface Where {
  /** The route of what is shown. */
  path?: string;
}

/** Shows a page or part of one at an address; every other address shows itself only. */
export function show(content: ReactNode, at = '/here', { path = new URL(at, location.origin).pathname }: Where = {}) {
  const router = createMemoryRouter(
    [
      { path, element: <Panel>{content}</Panel> },
      { path: '*', element: <Elsewhere /> },
    ],
    { initialEntries: [at] },
  );
  const view = render(
    <QueryClientProvider client={makeQueryClient()}>
      <WhoProvider>
        <RouterProvider router={router} />
      </WhoProvider>
    </QueryClientProvider>,
  );
  return { ...view, router };
}

function Elsewhere() {
  const { pathname, search } = useLocation();
  return <p>At {pathname + search}</p>;
}
