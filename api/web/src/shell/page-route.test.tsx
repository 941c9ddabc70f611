import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { Link, RouterProvider, createMemoryRouter } from 'react-router';
import { beforeEach, expect, it, vi } from 'vitest';
import { makeQueryClient } from '../api/queries';
import { WhoProvider } from '../auth/who';
import type { PageEntry } from '../routes';
import { json, playApi } from '../test/answers';
import { PageHeading } from '../ui/page';
import { pageRoute } from './page-route';

function Typing() {
  const [text, setText] = useState('');
  return (
    <>
      <PageHeading title="Typing" />
      <input aria-label="Text" value={text} onChange={(event) => setText(event.target.value)} />
      <Link to="/one/b">Next</Link>
      <Link to="/chat/b">Conversation</Link>
    </>
  );
}

const load = () => Promise.resolve({ default: Typing });

function visit(at: string, entries: readonly PageEntry[]) {
  const router = createMemoryRouter(entries.flatMap(pageRoute), { initialEntries: [at] });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <WhoProvider>
        <RouterProvider router={router} />
      </WhoProvider>
    </QueryClientProvider>,
  );
}

beforeEach(() => {
  playApi((request) => {
    const user = { id: 'u-1', role: 'consumer', name: 'Maya' };
    return json(request.url.endsWith('/auth/refresh') ? { access_token: 'token', user } : user);
  });
});

it('keeps what is on a page that stays while its address changes', async () => {
  visit('/', [{ paths: ['/', '/chat/:sessionId'], access: 'anyone', load }]);
  await userEvent.type(await screen.findByLabelText('Text'), 'Hello');
  await userEvent.click(screen.getByText('Conversation'));
  expect(screen.getByLabelText<HTMLInputElement>('Text').value).toBe('Hello');
});

it('begins anew with any other address, at its heading', async () => {
  visit('/one/a', [{ paths: ['/one/:id'], access: 'anyone', load }]);
  await userEvent.type(await screen.findByLabelText('Text'), 'Hello');
  await userEvent.click(screen.getByText('Next'));
  expect(screen.getByLabelText<HTMLInputElement>('Text').value).toBe('');
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Typing' }));
});

it('leads a guest to sign in, and back', async () => {
  visit('/one/a?tab=b', [{ paths: ['/one/:id'], access: 'signed-in', load }]);
  const link = await screen.findByRole('link', { name: 'Sign in' });
  expect(link.getAttribute('href')).toBe('/sign-in?to=%2Fone%2Fa%3Ftab%3Db');
  expect(screen.queryByLabelText('Text')).toBeNull();
});

it.each(['provider', 'admin'] as const)('shows a consumer no page for %s', async (access) => {
  localStorage.setItem('proxie.user', 'u-1');
  visit('/one/a', [{ paths: ['/one/:id'], access, load }]);
  expect(await screen.findByText(/^This page is for /)).toBeDefined();
  expect(screen.queryByLabelText('Text')).toBeNull();
});

it('says that a page did not load', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  visit('/one/a', [{ paths: ['/one/:id'], access: 'anyone', load: () => Promise.reject(new TypeError('gone')) }]);
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeDefined();
});
