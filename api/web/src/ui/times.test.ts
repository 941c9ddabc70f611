import { expect, it } from 'vitest';
import { formatAgo, formatDateTime, formatMinutes, formatSlot, formatWindow, localDate } from './times';

/** Between a time and its PM there is a narrow space. */
const plain = (text: string) => text.replace(/[\u2009\u202f]/g, ' ');

it('tells times in the zone of the place, with its name where it is another one', () => {
  const at = '2031-07-05T02:30:00Z';
  expect(plain(formatDateTime(at, 'America/New_York'))).toMatch(/^Fri, Jul 4, 2031, 10:30 PM/);
  expect(localDate(at, 'America/New_York')).toBe('2031-07-04');
  expect(localDate(at, 'Europe/Berlin')).toBe('2031-07-05');
});

it('tells a slot as one range', () => {
  const slot = { start_at: '2031-07-04T18:30:00Z', end_at: '2031-07-04T19:30:00Z', zone: 'America/New_York' };
  expect(plain(formatSlot(slot))).toContain('2:30 – 3:30 PM');
});

it('tells a window of whole days without times', () => {
  expect(formatWindow({ from: '2031-07-05T00:00', to: '2031-07-06T23:59' })).toBe(
    'Sat, Jul 5, 2031 – Sun, Jul 6, 2031',
  );
  expect(plain(formatWindow({ from: '2031-07-05T10:00', to: '2031-07-05T12:00' }))).toBe(
    'Sat, Jul 5, 2031, 10:00 AM – 12:00 PM',
  );
});

it('tells how long ago and how long', () => {
  const now = new Date('2031-07-05T12:00:00Z');
  expect(formatAgo('2031-07-05T09:00:00Z', now)).toBe('3 hours ago');
  expect(formatAgo('2031-07-06T12:00:00Z', now)).toBe('tomorrow');
  expect(formatAgo('2031-07-05T12:00:20Z', now)).toBe('just now');
  expect([30, 60, 90].map(formatMinutes)).toEqual(['30 min', '1 h', '1 h 30 min']);
});
