import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { RouterProvider, createMemoryRouter } from 'react-router';
import { vi } from 'vitest';
import { makeQueryClient } from '../../api/queries';
import { WhoProvider } from '../../auth/who';
import { pageRoute } from '../../shell/page-route';
import { json, playApi, problem } from '../../test/answers';

type Answer = Response | Promise<Response>;
/** What is played: by method and path, `*` for an id; a path without one goes first. */
export type Play = Record<string, (request: Request) => Answer>;

/** Plays the API for somebody: a guest, or who is named. Answers what was asked. */
export function playConversation(play: Play, who: { id: string; role: string } | null = null): string[] {
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('scrollTo', () => undefined);
  if (who !== null) localStorage.setItem('proxie.user', who.id);
  else localStorage.setItem('proxie.guest', 'guest-token');
  return playApi((request) => {
    const name = `${request.method} ${new URL(request.url).pathname}`;
    const found = play[name] ?? Object.entries(play).find(([pattern]) => isLike(name, pattern))?.[1];
    if (found !== undefined) return found(request);
    if (name === 'POST /auth/refresh') return json({ access_token: 'token', user: who });
    if (name === 'GET /auth/me') return json({ ...who, status: 'active', created_at: '2031-07-05T12:00:00Z' });
    if (name === 'GET /services/catalog/full') return json({ items: [], next_cursor: null });
    if (name === 'GET /chat/sessions') return json({ items: [], next_cursor: null });
    return problem(404, 'not_found', `${name} is not played.`);
  });
}

/** Opens a page of the client; the chat's two addresses are one page. */
export function visit(at: string) {
  const load = () => import('../chat-page');
  const routes = [
    ...pageRoute({ paths: ['/', '/chat/:sessionId'], access: 'anyone', load }),
    { path: '*', element: <p>Elsewhere</p> },
  ];
  const router = createMemoryRouter(routes, { initialEntries: [at] });
  return { router, ...renderWith(<RouterProvider router={router} />) };
}

/** Shows something of a page by itself. */
export function renderWith(element: ReactNode) {
  return render(
    <QueryClientProvider client={makeQueryClient()}>
      <WhoProvider>{element}</WhoProvider>
    </QueryClientProvider>,
  );
}

function isLike(name: string, pattern: string): boolean {
  const [parts, wanted] = [name.split('/'), pattern.split('/')];
  return parts.length === wanted.length && wanted.every((part, at) => part === '*' || part === parts[at]);
}
