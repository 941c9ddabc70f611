import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { View } from '../../api/client';
import { json, playApi, problem } from '../../test/answers';
import { catalog } from '../../test/examples';
import { show } from '../../test/show';
import { Memory } from './memory';

const memory: View<'MemoryView'> = {
  stated: {
    budget: { max_cents: 6000, currency: 'USD' },
    timing: 'Saturday mornings',
    style: null,
    places: [],
    favourite_providers: [],
  },
  learned: {
    budget: [
      { service_id: 'haircut', usual_cents: 5500, currency: 'USD', seen: 3, last_seen_at: '2026-11-01T10:00:00Z' },
    ],
    timing: [],
    style: [],
    places: [],
    favourite_providers: [],
  },
};

const forgotten: View<'MemoryView'> = {
  stated: { ...memory.stated, budget: null },
  learned: { ...memory.learned, budget: [] },
};

it('shows what was said and what was learned apart, and forgets one thing', async () => {
  const deleted: string[] = [];
  const answers = [problem(503, 'unavailable', 'Try again in a few seconds.'), json(forgotten)];
  playApi((asked) => {
    const { pathname, search } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (asked.method !== 'DELETE') return json(memory);
    deleted.push(search);
    return answers.shift() ?? json(forgotten);
  });
  show(<Memory />);

  const budget = within(await screen.findByRole('group', { name: 'Budget' }));
  expect(budget.getByText('At most $60')).toBeDefined();
  expect(await budget.findByText(/About \$55 for Haircut/)).toBeDefined();

  await userEvent.click(budget.getByRole('button', { name: 'Forget: Budget' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Forget' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Try again');
  await userEvent.click(screen.getByRole('button', { name: 'Forget' }));

  expect(await budget.findByText('Nothing yet')).toBeDefined();
  expect(budget.queryByText(/About/)).toBeNull();
  expect(screen.getByText('Saturday mornings')).toBeDefined();
  expect(deleted).toEqual(['?key=budget', '?key=budget']);
});

it('forgets everything only when that is asked for', async () => {
  const deleted: string[] = [];
  playApi((asked) => {
    const { pathname, search } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (asked.method === 'DELETE') deleted.push(pathname + search);
    return json(memory);
  });
  show(<Memory />);
  await userEvent.click(await screen.findByRole('button', { name: 'Forget everything' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Not now' }));
  expect(deleted).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Forget everything' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Forget' }));
  expect(deleted).toEqual(['/consumers/me/memory']);
});
