import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { booking, catalog, offer, profile, request, slot } from '../test/examples';
import { show } from '../test/show';
import { AcceptOffer } from './accept-offer';

function Accepting({ slots = offer.slots }: { slots?: typeof offer.slots }) {
  const navigate = useNavigate();
  const [place, setPlace] = useState({ address: '', instructions: '' });
  return (
    <AcceptOffer
      offer={{ ...offer, slots }}
      place={place}
      onPlace={setPlace}
      onBooked={({ id }) => void navigate(`/bookings/${id}`)}
      onClose={() => undefined}
    />
  );
}

let sent: unknown[] = [];
/** What the API has; tests change it. */
let has: { request: typeof request; slots: typeof offer.slots };

/** Answers each try to accept with the next of `answers`. */
function playAccepting(...answers: Response[]) {
  playApi(async (asked) => {
    const { pathname } = new URL(asked.url);
    if (pathname === '/services/catalog/full') return json(catalog);
    if (pathname === '/consumers/me/profile') return json(profile);
    if (pathname === '/requests/r-1') return json(has.request);
    if (pathname === '/offers/o-1') return json({ ...offer, slots: has.slots });
    if (pathname !== '/offers/o-1/accept') return json({ items: [], next_cursor: null });
    sent.push(await asked.json());
    return answers.shift() ?? json(booking);
  });
}

beforeEach(() => {
  sent = [];
  has = { request, slots: offer.slots };
});

const book = () => userEvent.click(screen.getByRole('button', { name: 'Book' }));

it('books nothing before a slot is chosen among several', async () => {
  playAccepting();
  show(<Accepting />);
  await screen.findByRole('radio', { name: /10:00/ });
  await book();
  expect(sent).toEqual([]);
});

it('takes the only slot for chosen', async () => {
  has.slots = offer.slots.slice(0, 1);
  playAccepting();
  show(<Accepting slots={has.slots} />);
  expect((await screen.findByRole<HTMLInputElement>('radio', { name: /10:00/ })).checked).toBe(true);
  await book();
  expect(await screen.findByText('At /bookings/b-1')).toBeDefined();
  expect(sent).toEqual([{ slot: { date: '2026-12-05', start_time: '10:00' } }]);
});

it('shows other slots for one that was taken, and keeps what was written', async () => {
  const instead = slot('2026-12-06', '09:00');
  playAccepting(problem(409, 'slot_taken', 'Somebody was faster.', { slots: [instead] }));
  show(<Accepting />);

  await userEvent.click(await screen.findByRole('radio', { name: /Dec 5.*10:00/ }));
  await userEvent.type(screen.getByLabelText('Instructions'), 'Ring twice');
  await book();

  expect((await screen.findByRole('alert')).textContent).toContain('Somebody was faster.');
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /10:00.*taken/ }).disabled).toBe(true);
  expect(screen.getByLabelText<HTMLTextAreaElement>('Instructions').value).toBe('Ring twice');

  await userEvent.click(screen.getByRole('radio', { name: /Dec 6.*9:00/ }));
  await book();
  expect(await screen.findByText('At /bookings/b-1')).toBeDefined();
  expect(sent).toEqual([
    { slot: { date: '2026-12-05', start_time: '10:00' }, instructions: 'Ring twice' },
    { slot: { date: '2026-12-06', start_time: '09:00' }, instructions: 'Ring twice' },
  ]);
});

it('does not take another slot for chosen because the first was taken', async () => {
  has.slots = offer.slots.slice(0, 1);
  playAccepting(problem(409, 'slot_taken', 'Somebody was faster.', { slots: [slot('2026-12-06', '09:00')] }));
  show(<Accepting slots={has.slots} />);
  await screen.findByRole('radio', { name: /10:00/ });
  await book();
  await screen.findByRole('alert');
  await book();
  expect(screen.queryByRole('radio', { checked: true })).toBeNull();
  expect(sent).toHaveLength(1);
});

it('asks for the address when it is needed, and keeps the slot', async () => {
  const errors = [{ pointer: '/body/address', message: 'Say where that is.' }];
  playAccepting(problem(422, 'address_needed', 'The work is done at your place.', { errors }));
  show(<Accepting />);

  await userEvent.click(await screen.findByRole('radio', { name: /2:00/ }));
  expect(screen.queryByLabelText('Address')).toBeNull();
  await book();

  const address = await screen.findByLabelText<HTMLTextAreaElement>('Address');
  expect(address.required).toBe(true);
  expect(screen.getByText('Say where that is.')).toBeDefined();
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /2:00/ }).checked).toBe(true);

  await userEvent.click(await screen.findByRole('button', { name: 'Use 44 Court Street, Brooklyn' }));
  await book();
  expect(await screen.findByText('At /bookings/b-1')).toBeDefined();
  expect(sent.at(-1)).toEqual({
    slot: { date: '2026-12-05', start_time: '14:00' },
    address: '44 Court Street, Brooklyn',
  });
});

it('asks for the address at once where the work is done at one’s own place', async () => {
  has.request = { ...request, place: 'consumer' };
  playAccepting();
  show(<Accepting />);
  expect((await screen.findByLabelText<HTMLTextAreaElement>('Address')).required).toBe(true);
});

it('says what else is wrong', async () => {
  playAccepting(problem(409, 'offer_not_pending', 'This offer has expired.'));
  show(<Accepting />);
  await userEvent.click(await screen.findByRole('radio', { name: /10:00/ }));
  await book();
  expect((await screen.findByRole('alert')).textContent).toContain('This offer has expired.');
});
