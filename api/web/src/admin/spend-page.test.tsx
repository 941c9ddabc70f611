import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi } from '../test/answers';
import { visit } from '../test/visit';
import { formatMicros } from '../ui/money';
import { daysBefore } from './spend';
import SpendPage from './spend-page';

const line = (day: string, feature: string, model: string, cost: number) => ({
  day,
  feature,
  model,
  calls: 2,
  cached: 1,
  failed: 0,
  prompt_tokens: 100,
  completion_tokens: 10,
  cost_micros: cost,
});
const usage = {
  items: [
    line('2026-11-23', 'chat', 'gpt-5-mini', 3_000_000),
    line('2026-11-23', 'summary', 'gpt-5-mini', 500_000),
    line('2026-11-22', 'chat', 'gpt-5', 1_500_000),
  ],
  next_cursor: null,
  total: { calls: 6, cached: 3, failed: 0, prompt_tokens: 300, completion_tokens: 30, cost_micros: 5_000_000 },
};

let asked: string[];

beforeEach(() => {
  asked = [];
  playApi((request) => {
    const query = new URL(request.url).searchParams;
    asked.push(query.toString());
    return json({ ...usage, from: query.get('from'), to: query.get('to') });
  });
});

const rowsOf = async (table: string) =>
  within(await screen.findByRole('table', { name: table }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent));

it('adds up by day, feature and model for the days of the address', async () => {
  visit(SpendPage, '/admin/spend', '/admin/spend?from=2026-11-20&to=2026-11-23');
  expect(await rowsOf('By day')).toEqual([
    ['Mon, Nov 23', '$3.50'],
    ['Sun, Nov 22', '$1.50'],
  ]);
  expect(await rowsOf('By feature')).toEqual([
    ['Chat', '$4.50'],
    ['Summary', '$0.50'],
  ]);
  expect(await rowsOf('By model')).toEqual([
    ['gpt-5-mini', '$3.50'],
    ['gpt-5', '$1.50'],
  ]);
  expect(screen.getByText('$5.00')).toBeDefined();
  expect(asked).toEqual(['from=2026-11-20&to=2026-11-23']);
});

it('puts other days into the address', async () => {
  const address = visit(SpendPage, '/admin/spend', '/admin/spend?from=2026-11-20&to=2026-11-23');
  await rowsOf('By day');
  fireEvent.change(screen.getByLabelText('First day'), { target: { value: '2026-11-01' } });
  fireEvent.click(screen.getByRole('button', { name: 'Show' }));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(address()).toBe('/admin/spend?from=2026-11-01&to=2026-11-23');
  expect(asked.at(-1)).toBe('from=2026-11-01&to=2026-11-23');
});

it('counts days over the end of a month', () => {
  expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
  expect(daysBefore('rubbish', 1)).toBe('rubbish');
});

it('shows what is less than a cent', () => {
  expect([3_972, 1_234_567, 0].map(formatMicros)).toEqual(['$0.003972', '$1.23', '$0.00']);
});
