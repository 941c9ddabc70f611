import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { visit } from '../test/visit';
import TaskPage from './task-page';

const task = (id: string, more: object) => ({
  task_id: id,
  kind: 'chat',
  user_id: 'u-1',
  session_id: 's-1',
  attempts: 5,
  trace_id: 't-1',
  created_at: '2026-11-20T10:00:00Z',
  updated_at: '2026-11-20T10:00:00Z',
  effects: [{ kind: 'request_created', id: 'r-1' }],
  result: null,
  steps: [
    { no: 1, kind: 'llm', name: 'gpt-5-mini', prompt_tokens: 1_200, completion_tokens: 80 },
    { no: 2, kind: 'tool', name: 'create_service_request', prompt_tokens: null, completion_tokens: null },
  ],
  ...more,
});

const failed = { status: 'failed', stage: 'done', error_code: 'model_failed', error_detail: 'The model is away.' };

let posted: { path: string; key: string | null }[];
let answers: Response[];

/** An API with a task that stands so, and these answers to what is done with it. */
function play(stand: object, ...toPosts: Response[]) {
  answers = toPosts;
  playApi((request) => {
    const path = new URL(request.url).pathname;
    if (request.method === 'GET') return json(task(path.split('/').at(-1) ?? '', stand));
    posted.push({ path, key: request.headers.get('Idempotency-Key') });
    return answers.shift() ?? problem(500, 'internal', 'Nobody has thought of this.');
  });
}

const open = () => visit(TaskPage, '/admin/tasks/:id', '/admin/tasks/k-1');
const dialog = async () => within(await screen.findByRole('dialog'));

beforeEach(() => {
  posted = [];
});

it('shows the steps of a task, what it did, and whose it is', async () => {
  play(failed);
  open();
  const rows = within(await screen.findByRole('table')).getAllByRole('row');
  expect(rows.map((row) => row.textContent)).toEqual([
    'No.WhatByTokens inTokens out',
    '1Answer of a modelgpt-5-mini1,20080',
    '2Call of a toolcreate_service_request––',
  ]);
  expect(screen.getByText('Request created')).toBeDefined();
  expect(screen.getByRole('link', { name: 'u-1' }).getAttribute('href')).toBe('/admin/accounts?user=u-1');
});

it('tries again only after a confirmation, as one intent however often it is pressed, and goes to the new task', async () => {
  play(failed, problem(503, 'unavailable', 'Not now, please.'), json(task('k-2', failed), 202));
  const address = open();

  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  await userEvent.click((await dialog()).getByRole('button', { name: 'Not now' }));
  expect(posted).toEqual([]);

  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await userEvent.click((await dialog()).getByRole('button', { name: 'Make a new task' }));
  await (await dialog()).findByText('Not now, please.');
  await userEvent.click((await dialog()).getByRole('button', { name: 'Make a new task' }));

  await waitFor(() => expect(address()).toBe('/admin/tasks/k-2'));
  expect(posted.map(({ path }) => path)).toEqual(['/admin/tasks/k-1/retry', '/admin/tasks/k-1/retry']);
  expect(posted[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  expect(posted[1]?.key).toBe(posted[0]?.key);
});

it('cancels what runs, only after a confirmation', async () => {
  play({ status: 'processing', stage: 'retrying' }, json(task('k-1', { status: 'cancelled', stage: 'done' })));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel task' }));
  await dialog();
  expect(posted).toEqual([]);

  await userEvent.click((await dialog()).getByRole('button', { name: 'Cancel task' }));
  await waitFor(() => expect(posted.map(({ path }) => path)).toEqual(['/admin/tasks/k-1/cancel']));
  await screen.findByText('The task is cancelled.');
});

it.each([
  ['one that is completed', { status: 'completed', stage: 'done' }],
  ['a matching that runs, which ends with its request', { kind: 'matching', status: 'processing', stage: 'running' }],
])('offers nothing to do with %s', async (_, stand) => {
  play(stand);
  open();
  await screen.findByRole('table');
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Cancel task' })).toBeNull();
});
