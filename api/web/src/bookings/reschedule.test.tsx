import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { booking, slot } from '../test/examples';
import { show } from '../test/show';
import { BookingMoves } from './booking-moves';
import { Proposal } from './reschedule';

let sent: { path: string; body: unknown }[] = [];

function playMoves(...answers: Response[]) {
  playApi(async (asked) => {
    const { pathname } = new URL(asked.url);
    if (pathname === '/providers/p-1/slots') {
      return json({ items: [slot('2026-12-06', '11:00')], duration_minutes: 60, zone: 'UTC', next_cursor: null });
    }
    if (asked.method !== 'PUT') return json({ items: [], next_cursor: null });
    sent.push({ path: pathname, body: await asked.json() });
    return answers.shift() ?? json(booking);
  });
}

beforeEach(() => {
  sent = [];
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-12-04T12:00:00Z') });
  return () => vi.useRealTimers();
});

it('agrees to the very slot that was shown', async () => {
  playMoves();
  const proposal = { by: 'provider', slot: slot('2026-12-06', '11:00'), until: '2026-12-05T08:00:00Z' } as const;
  show(<Proposal booking={{ ...booking, proposal }} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Agree' }));
  expect(sent).toEqual([
    { path: '/bookings/b-1/reschedule/accept', body: { slot: { date: '2026-12-06', start_time: '11:00' } } },
  ]);
});

it('leaves the answer to the other side', async () => {
  playMoves();
  const proposal = { by: 'consumer', slot: slot('2026-12-06', '11:00'), until: '2026-12-05T08:00:00Z' } as const;
  show(<Proposal booking={{ ...booking, proposal }} />);
  expect(await screen.findByText(/You propose/)).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Agree' })).toBeNull();
});

it('offers free slots for one that is taken, and keeps the note', async () => {
  playMoves(problem(409, 'slot_taken', 'That slot is taken.', { slots: [slot('2026-12-07', '09:00')] }));
  show(<BookingMoves booking={booking} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Propose another time' }));
  await userEvent.click(await screen.findByRole('radio', { name: /11:00/ }));
  await userEvent.type(screen.getByLabelText('Note'), 'Would that do?');
  await userEvent.click(screen.getByRole('button', { name: 'Propose' }));

  await userEvent.click(await screen.findByRole('radio', { name: /Dec 7/ }));
  expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe('Would that do?');
  await userEvent.click(screen.getByRole('button', { name: 'Propose' }));
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.body).toEqual({ slot: { date: '2026-12-07', start_time: '09:00' }, note: 'Would that do?' });
});

it('takes a time that the calendar does not show', async () => {
  playMoves();
  show(<BookingMoves booking={booking} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Propose another time' }));
  await screen.findByRole('radio', { name: /11:00/ });
  await userEvent.click(screen.getByText('Another time'));
  await userEvent.type(screen.getByLabelText('Date'), '2026-12-08');
  await userEvent.type(screen.getByLabelText('Start'), '13:30');
  await userEvent.click(screen.getByRole('button', { name: 'Propose' }));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toEqual({ slot: { date: '2026-12-08', start_time: '13:30' }, note: null });
});

it('warns of a late cancellation, and only of one', async () => {
  playMoves();
  const { unmount } = show(<BookingMoves booking={booking} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel booking' }));
  expect(await screen.findByText(/late cancellation/)).toBeDefined();
  unmount();

  show(<BookingMoves booking={{ ...booking, slot: slot('2026-12-09', '10:00') }} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel booking' }));
  await screen.findByLabelText('Reason');
  expect(screen.queryByText(/late cancellation/)).toBeNull();
});
