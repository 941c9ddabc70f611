import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { json, playApi } from '../test/answers';
import { visit } from '../test/visit';
import TasksPage from './tasks-page';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const task = (id: string, more: object = {}) => ({
  task_id: id,
  kind: 'chat',
  user_id: 'u-1',
  status: 'failed',
  stage: 'done',
  attempts: 1,
  error_code: 'model_failed',
  error_detail: `Why ${id} failed.`,
  trace_id: 't-1',
  created_at: minutesAgo(5),
  updated_at: minutesAgo(5),
  ...more,
});

let asked: URLSearchParams[];
const answer = vi.fn<(query: URLSearchParams) => { items: object[]; next_cursor: string | null }>();

beforeEach(() => {
  asked = [];
  playApi((request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query);
    return json(answer(query));
  });
});

it('reads its filters from the address, and asks the API for what that can filter by', async () => {
  answer.mockReturnValue({
    items: [
      task('fits'),
      task('another-kind', { kind: 'matching' }),
      task('another-stage', { stage: 'retrying' }),
      task('too-old', { created_at: minutesAgo(90) }),
    ],
    next_cursor: 'more',
  });
  visit(TasksPage, '/admin/tasks', '/admin/tasks?status=failed&kind=chat&stage=done&age=hour');

  await screen.findByText('fits');
  expect(screen.getAllByRole('listitem')).toHaveLength(1);
  expect(asked.map((query) => query.get('status'))).toEqual(['failed']);
  expect(screen.getByLabelText<HTMLSelectElement>('Status').value).toBe('failed');
  expect(screen.getByLabelText<HTMLSelectElement>('Age').value).toBe('hour');
  // Older ones follow only: nothing more is to be had.
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

it('puts a filter into the address beside the others, and takes it out again', async () => {
  answer.mockImplementation((query) => ({ items: [task(`is-${query.get('status') ?? 'any'}`)], next_cursor: null }));
  const address = visit(TasksPage, '/admin/tasks', '/admin/tasks?kind=chat');
  await screen.findByText('is-any');

  await userEvent.selectOptions(screen.getByLabelText('Status'), 'Failed (dead letters)');
  await screen.findByText('is-failed');
  expect(address()).toBe('/admin/tasks?kind=chat&status=failed');

  await userEvent.selectOptions(screen.getByLabelText('Kind'), 'Any kind');
  expect(address()).toBe('/admin/tasks?status=failed');
});

it('takes what is no choice for none', async () => {
  answer.mockReturnValue({ items: [task('one')], next_cursor: null });
  visit(TasksPage, '/admin/tasks', '/admin/tasks?status=rotten');
  await screen.findByText('one');
  expect(asked[0]?.has('status')).toBe(false);
});

it('says that it has not looked at all, and looks further', async () => {
  answer.mockImplementation((query) =>
    query.get('cursor') === 'page-5'
      ? { items: [task('far-down', { kind: 'probe' })], next_cursor: null }
      : { items: [task('near')], next_cursor: `page-${asked.length}` },
  );
  visit(TasksPage, '/admin/tasks', '/admin/tasks?kind=probe');

  await userEvent.click(await screen.findByRole('button', { name: 'Look further' }));
  await screen.findByText('far-down');
  expect(asked).toHaveLength(6);
});
