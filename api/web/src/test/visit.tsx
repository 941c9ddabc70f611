import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ComponentType } from 'react';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { makeQueryClient } from '../api/queries';
import { Toasts } from '../ui/toast';

/** Opens a page that is at `path` (`/admin/tasks/:id`) by one of its addresses; answers where one is then. */
export function visit(Page: ComponentType, path: string, address: string) {
  const router = createMemoryRouter([{ path, element: <Page /> }], { initialEntries: [address] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  );
  return () => router.state.location.pathname + router.state.location.search;
}
