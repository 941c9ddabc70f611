import { expect, it, vi } from 'vitest';
import { MOST_PAGES, searchPages } from './search-pages';

/** A list of numbers, ten a page, that goes on for ever. */
const numbers = ({ cursor = '0' }: { cursor?: string }) => {
  const first = Number(cursor);
  const items = Array.from({ length: 10 }, (_, at) => first + at);
  return Promise.resolve({ items, next_cursor: String(first + 10) });
};

it('asks for no more than is enough, and says where to go on', async () => {
  const fetchPage = vi.fn(numbers);
  const found = await searchPages({ fetchPage, matches: (number) => number % 2 === 0 });
  expect(found.items).toHaveLength(20);
  expect(found.next_cursor).toBe('40');
  expect(fetchPage).toHaveBeenCalledTimes(4);
});

it('looks only so far at once, and goes on from there', async () => {
  const fetchPage = vi.fn(numbers);
  const nothing = await searchPages({ fetchPage, matches: () => false });
  expect(nothing).toEqual({ items: [], next_cursor: '50' });
  expect(fetchPage).toHaveBeenCalledTimes(MOST_PAGES);

  await searchPages({ cursor: '50', fetchPage, matches: () => true });
  expect(fetchPage).toHaveBeenNthCalledWith(MOST_PAGES + 1, expect.objectContaining({ cursor: '50' }));
});

it('ends where everything further is beyond what is looked for', async () => {
  const found = await searchPages({ fetchPage: numbers, matches: () => true, isBeyond: (number) => number >= 13 });
  expect(found.items).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(found.next_cursor).toBeNull();
});
