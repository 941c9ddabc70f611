import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { makeQueryClient } from './api/queries';
import { WhoProvider } from './auth/who';
import { LiveConnection } from './live/live-connection';
import { makeRouter } from './routes';
import { Boundary } from './ui/boundary';
import { Button } from './ui/button';
import { Toasts } from './ui/toast';

export function App() {
  const [queries] = useState(makeQueryClient);
  const [router] = useState(makeRouter);
  return (
    <Boundary fallback={() => <Broken />}>
      <QueryClientProvider client={queries}>
        <WhoProvider>
          <RouterProvider router={router} />
          <LiveConnection />
          <Toasts />
        </WhoProvider>
      </QueryClientProvider>
    </Boundary>
  );
}

/** When nothing else is left to show. */
function Broken() {
  return (
    <div role="alert" className="grid min-h-dvh place-content-center justify-items-center gap-4 p-6 text-center">
      <h1 className="font-serif text-2xl font-semibold">Something went wrong</h1>
      <p>Nothing that you sent is lost. Reload the page to go on.</p>
      <Button onClick={() => location.reload()}>Reload</Button>
    </div>
  );
}
