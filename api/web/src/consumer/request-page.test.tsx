import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import type { View } from '../api/client';
import { json, playApi, problem } from '../test/answers';
import { catalog, offer, request } from '../test/examples';
import { show } from '../test/show';
import RequestPage from './request-page';

type Task = View<'TaskView'>;

const task: Task = {
  task_id: 't-1',
  kind: 'matching',
  status: 'processing',
  stage: 'running',
  attempts: 1,
  effects: [],
  created_at: '2026-11-27T12:00:00Z',
  updated_at: '2026-11-27T12:00:00Z',
};

const nobody: Task = {
  ...task,
  status: 'completed',
  stage: 'done',
  result: {
    kind: 'matching',
    request_id: 'r-1',
    considered: 9,
    matches: [],
    relax: [{ constraint: 'budget', would_add: 3 }],
  },
};

const matching: View<'RequestView'> = {
  ...request,
  status: 'matching',
  match: { task_id: 't-1', status: 'processing', matched_at: null },
};

const lead: View<'NeedView'> = {
  id: 'r-1',
  status: 'matched',
  service_id: 'haircut',
  city: 'Brooklyn',
  zone: 'America/New_York',
  urgency: 'flexible',
  description: '',
  specializations: [],
  media: [],
  first_name: 'Maya',
  specialist: null,
  expires_at: '2026-12-30T00:00:00Z',
  created_at: '2026-11-23T15:00:00Z',
};

/** What the API has; tests change it. */
let has: { request: View<'ReadView'>; task: Task };
let asked: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T12:03:00Z') });
  has = { request: matching, task };
  asked = playApi((call) => {
    const { pathname } = new URL(call.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (pathname === '/requests/r-1') return json(has.request);
    if (pathname === '/chat/status/t-1') return json(has.task);
    if (pathname === '/requests/r-1/offers') return json({ items: [offer], next_cursor: null });
    if (pathname === '/requests/r-1/match') return problem(429, 'rate_limited', 'Every 10 minutes at most.');
    return json({ items: [], next_cursor: null });
  });
  return () => vi.useRealTimers();
});

const open = () => show(<RequestPage />, '/requests/r-1', { path: '/requests/:id' });

it('follows the matching until it ends, and then shows what came of it', async () => {
  open();
  expect(await screen.findByText('Looking for providers who fit.')).toBeDefined();
  expect(screen.getByText('Looking for providers').closest('li')?.getAttribute('aria-current')).toBe('step');

  has = { task: nobody, request: { ...matching, match: { task_id: 't-1', status: 'completed' } } };
  expect(await screen.findByText(/With a higher budget: 3 providers more/, {}, { timeout: 4_000 })).toBeDefined();
  expect(asked.filter((call) => call === 'GET /requests/r-1').length).toBeGreaterThan(1);
});

it('says how long it is until a request can be matched again', async () => {
  has = { task: nobody, request: { ...matching, match: { task_id: 't-1', status: 'completed' } } };
  open();
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Match again in 7 min' });
  expect(button.disabled).toBe(true);
});

it('shows why it was not matched again', async () => {
  vi.setSystemTime(new Date('2026-11-27T12:11:00Z'));
  has = { task: nobody, request: { ...matching, match: { task_id: 't-1', status: 'completed' } } };
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Match again' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Every 10 minutes at most.');
});

it('shows offers to compare once they are there, and no editing any more', async () => {
  has.request = request;
  open();
  expect(await screen.findByText('$60')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Accept' })).toBeDefined();
  expect(screen.getByRole('link', { name: 'Ask Proxie' }).getAttribute('href')).toBe('/?offer=o-1');
  expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull();
});

it('leads a provider to the lead', async () => {
  has.request = lead;
  open();
  expect(await screen.findByText('At /work/leads/r-1')).toBeDefined();
});
