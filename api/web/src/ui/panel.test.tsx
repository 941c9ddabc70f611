import { QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from '../api/errors';
import { makeQueryClient } from '../api/queries';
import { json } from '../test/answers';
import { late } from './late';
import { Panel } from './panel';

const refusal = (status: number) =>
  new ApiError(json({}, status), { code: 'invalid', detail: 'Not now, please.', title: '' });

const ask = vi.fn<() => Promise<string>>();

function Suspending() {
  return <p>{useSuspenseQuery({ queryKey: ['it'], queryFn: ask }).data}</p>;
}

function Waiting() {
  return <p>{useQuery({ queryKey: ['it'], queryFn: ask }).data}</p>;
}

beforeEach(() => {
  ask.mockReset();
  // React tells of every error that a boundary caught.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

it.each([
  ['useSuspenseQuery', Suspending],
  ['useQuery', Waiting],
])('shows what went wrong with %s, leaves the rest alone, and tries again by its button', async (_, Content) => {
  ask.mockRejectedValueOnce(refusal(409)).mockResolvedValueOnce('Here it is');
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <p>The rest</p>
      <Panel>
        <Content />
      </Panel>
    </QueryClientProvider>,
  );

  expect((await screen.findByRole('alert')).textContent).toContain('Not now, please.');
  expect(screen.getByText('The rest')).toBeDefined();
  expect(ask).toHaveBeenCalledTimes(1);

  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Here it is')).toBeDefined();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('offers no other try where none can help', async () => {
  ask.mockRejectedValue(refusal(403));
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <Panel>
        <Suspending />
      </Panel>
    </QueryClientProvider>,
  );
  await screen.findByRole('alert');
  expect(screen.queryByRole('button')).toBeNull();
});

it('loads the page anew if the code of a part did not come', async () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { reload });
  const Part = late<object>(() => Promise.reject(new TypeError('Failed to fetch')));
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <Panel>
        <Part />
      </Panel>
    </QueryClientProvider>,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(reload).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
