import { QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { makeQueryClient } from '../api/queries';
import { daysOfWeek, weekOf } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { json, playApi } from '../test/answers';
import { SlotPicker } from './slot-picker';

const today = '2031-07-01';

function slot(date: string, start_time: string) {
  return { date, start_time, end_time: '00:00', start_at: '', end_at: '', zone: 'America/New_York' };
}

const free = [
  slot('2031-07-01', '09:00'),
  slot('2031-07-01', '09:30'),
  slot('2031-07-03', '09:30'),
  slot('2031-07-03', '14:00'),
  slot('2031-07-09', '10:00'),
];

function play() {
  return playApi((request) => {
    const { searchParams } = new URL(request.url);
    const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? ''];
    const items = free.filter(({ date }) => from <= date && date <= to);
    return json({ items, next_cursor: null, zone: 'America/New_York', duration_minutes: 60 });
  });
}

function Picker({ most = 2, onPick }: { most?: number; onPick: (slots: NamedSlot[]) => void }) {
  const [queries] = useState(makeQueryClient);
  const [chosen, setChosen] = useState<NamedSlot[]>([]);
  return (
    <QueryClientProvider client={queries}>
      <SlotPicker
        label="When"
        providerId="p-1"
        serviceId="haircut"
        today={today}
        chosen={chosen}
        onChange={(slots) => {
          setChosen(slots);
          onPick(slots);
        }}
        most={most}
      />
    </QueryClientProvider>
  );
}

/** What of a slot's name tells it apart: its time. */
const focused = () => document.activeElement?.getAttribute('data-slot');

it('is used by keyboard alone: one stop of Tab, arrows between times and days, pages between weeks', async () => {
  play();
  let picked: NamedSlot[] = [];
  render(<Picker onPick={(slots) => (picked = slots)} />);
  const first = await screen.findByRole('button', { name: /Jul 1.*9:00/ });
  await userEvent.tab();
  await userEvent.tab();
  expect(document.activeElement).toBe(first);

  await userEvent.keyboard('{ArrowDown}');
  expect(focused()).toBe('2031-07-01T09:30');
  await userEvent.keyboard('{ArrowRight}');
  expect(focused()).toBe('2031-07-03T09:30');
  await userEvent.keyboard('{End}');
  expect(focused()).toBe('2031-07-03T14:00');
  await userEvent.keyboard(' ');
  expect(picked).toEqual([{ date: '2031-07-03', start_time: '14:00' }]);
  await userEvent.keyboard('{ArrowLeft}');
  expect(focused()).toBe('2031-07-01T09:30');

  await userEvent.keyboard('{PageDown}');
  await waitFor(() => expect(focused()).toBe('2031-07-09T10:00'));
  await userEvent.keyboard('{Enter}');
  expect(picked.map(({ date }) => date)).toEqual(['2031-07-03', '2031-07-09']);

  // A week without anything free is no dead end.
  await userEvent.keyboard('{PageDown}');
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Week after'));
  await userEvent.keyboard('{PageUp}');
  await waitFor(() => expect(focused()).toBe('2031-07-09T10:00'));
});

it('takes no more than it may, and gives back what was taken', async () => {
  play();
  let picked: NamedSlot[] = [];
  render(<Picker onPick={(slots) => (picked = slots)} />);
  await userEvent.click(await screen.findByRole('button', { name: /^\S+ Jul 3.*9:30/ }));
  await userEvent.click(screen.getByRole('button', { name: /^\S+ Jul 1.*9:00/ }));
  await userEvent.click(screen.getByRole('button', { name: /^\S+ Jul 1.*9:30/ }));
  expect(picked.map(({ date }) => date)).toEqual(['2031-07-01', '2031-07-03']);
  await userEvent.click(screen.getByRole('button', { name: /^Take out .*Jul 1/ }));
  expect(picked).toEqual([{ date: '2031-07-03', start_time: '09:30' }]);
});

it('reaches ninety days ahead', () => {
  expect(daysOfWeek(today, 0)[0]).toBe(today);
  expect(daysOfWeek(today, 12)).toEqual([
    '2031-09-23',
    '2031-09-24',
    '2031-09-25',
    '2031-09-26',
    '2031-09-27',
    '2031-09-28',
    '2031-09-29',
  ]);
  expect(weekOf(today, '2031-07-08')).toBe(1);
  expect(weekOf(today, '2031-06-01')).toBe(0);
  expect(weekOf(today, '2032-01-01')).toBe(12);
});
