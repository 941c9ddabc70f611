import { cleanup, configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { bodyOf } from '../test/body-of';
import { visit } from '../test/visit';
import LeadPage from './lead-page';

// A page asks for one thing after the other, and a suggestion is polled.
configure({ asyncUtilTimeout: 4_000 });

const slot = (date: string, start_time: string) => ({
  date,
  start_time,
  end_time: '23:00',
  start_at: `${date}T${start_time}:00Z`,
  end_at: `${date}T23:00:00Z`,
  zone: 'Europe/Berlin',
});

const lead = {
  request: {
    id: 'q-1',
    service_id: 'haircut',
    city: 'Berlin',
    first_name: 'Maya',
    description: '3B curls, please.',
    specializations: [],
    budget: { min_cents: null, max_cents: 6_000, currency: 'EUR' },
    window: null,
    urgency: 'flexible',
    status: 'matched',
    media: [],
    specialist: null,
    zone: 'Europe/Berlin',
    created_at: '2031-07-01T10:00:00Z',
    expires_at: '2031-07-14T10:00:00Z',
  },
  score: 0.84,
  why: ['Your skills are what is asked for.', 'It is near.'],
  routed_at: '2031-07-01T10:01:00Z',
  viewed: true,
  viewed_at: '2031-07-01T10:05:00Z',
  passed: false,
  offered: false,
};

const suggestion = {
  kind: 'offer_draft',
  request_id: 'q-1',
  service_id: 'haircut',
  price: { low_cents: 5_000, mid_cents: 5_500, high_cents: 6_000, currency: 'EUR' },
  duration_minutes: 75,
  slots: [slot('2031-07-05', '14:00')],
  message: 'Hello Maya, I can do it for 55 EUR, on Saturday, 5 July at 14:00.',
  reasons: ['It stays within the budget.'],
};

const templates = [
  { id: 't-1', name: 'Short', body: '{first_name}: {service} for {price}, {slot}.', service_id: null },
];

/** What `POST /offers` was sent, and what it answers. */
let sent: Record<string, unknown>[] = [];
let offers: () => Response;
/** Whether the suggestion is worked out. */
let isReady = true;

beforeEach(() => {
  [sent, isReady] = [[], true];
  offers = () => problem(503, 'unavailable', 'Back in a minute.');
  playApi(async (request) => {
    const { pathname } = new URL(request.url);
    const call = `${request.method} ${pathname}`;
    if (call === 'POST /offers') {
      sent.push(await bodyOf(request));
      return offers();
    }
    const answers: Record<string, () => unknown> = {
      'GET /enrollment/mine': () => ({ provider_id: 'p-1' }),
      'PUT /requests/q-1/view': () => lead,
      'POST /requests/q-1/suggest-offer': () => ({ task_id: 'k-1', status: 'processing' }),
      'GET /chat/status/k-1': () => (isReady ? { status: 'completed', result: suggestion } : { status: 'processing' }),
      'GET /providers/p-1/services': () => ({
        items: [{ service_id: 'haircut', currency: 'EUR', duration_minutes: null, places: ['provider'] }],
      }),
      'GET /providers/p-1/availability': () => ({ zone: 'Europe/Berlin', weekly: {} }),
      'GET /providers/p-1/profile': () => ({ id: 'p-1', status: 'active' }),
      'GET /providers/p-1/templates': () => ({ items: templates }),
      'GET /providers/p-1/slots': () => ({ items: [], zone: 'Europe/Berlin', duration_minutes: 60 }),
      'GET /services/catalog/full': () => ({ items: [], next_cursor: null }),
    };
    const answer = answers[call];
    return answer === undefined ? problem(404, 'not_found', call) : json(answer());
  });
});

const open = () => visit(LeadPage, '/work/leads/:requestId', '/work/leads/q-1');
const price = () => screen.getByLabelText<HTMLInputElement>('Price');
const message = () => screen.getByLabelText<HTMLTextAreaElement>('Message to Maya');

async function suggest() {
  await userEvent.click(await screen.findByRole('button', { name: 'Suggest an offer' }));
  await screen.findByText('It stays within the budget.');
}

it('tells why the lead came', async () => {
  open();
  expect(await screen.findByText('84 % fit')).toBeDefined();
  expect(screen.getByText('It is near.')).toBeDefined();
});

it('fills the form with a suggestion, offers other prices, and brings back what was there', async () => {
  open();
  await userEvent.type(await screen.findByLabelText('Price'), '99');
  await suggest();
  expect(price().value).toBe('55');
  expect(screen.getByLabelText<HTMLInputElement>('Minutes it takes').value).toBe('75');
  expect(screen.getByText(/^Hello Maya, I can do it for €55, on Sat, Jul 5/)).toBeDefined();
  expect(screen.getByRole('button', { name: /Take out .*Jul 5/ })).toBeDefined();

  await userEvent.click(screen.getByRole('button', { name: /High/ }));
  expect(price().value).toBe('60');
  expect(screen.getByText(/^Hello Maya, I can do it for €60, on Sat, Jul 5/)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Bring back what was in the form' }));
  expect(price().value).toBe('99');
  expect(message().value).toBe('');
});

it('loses nothing that is typed while a suggestion is worked out', async () => {
  isReady = false;
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Suggest an offer' }));
  await userEvent.type(screen.getByLabelText('What the price holds'), 'Wash and cut.');
  isReady = true;
  await screen.findByText('It stays within the budget.');
  expect(price().value).toBe('55');
  expect(screen.getByLabelText<HTMLTextAreaElement>('What the price holds').value).toBe('Wash and cut.');
});

it('keeps a failed offer, over a reload too, and sends it again as it was', async () => {
  open();
  await suggest();
  await userEvent.click(screen.getByRole('button', { name: 'Send offer' }));
  expect(await screen.findByText('Back in a minute.')).toBeDefined();
  expect(price().value).toBe('55');

  cleanup();
  open();
  expect((await screen.findByLabelText<HTMLInputElement>('Price')).value).toBe('55');
  offers = () => json({ id: 'o-1' }, 201);
  await userEvent.click(screen.getByRole('button', { name: 'Send offer' }));
  expect(await screen.findByText('Your offer is on its way.')).toBeDefined();
  expect(sent[1]).toEqual(sent[0]);
  expect(sent[0]).toMatchObject({
    request_id: 'q-1',
    service_id: 'haircut',
    price_cents: 5_500,
    currency: 'EUR',
    duration_minutes: 75,
    slots: [{ date: '2031-07-05', start_time: '14:00' }],
  });
});

it('says at a slot that it is taken', async () => {
  const errors = [{ pointer: '/body/slots/0', message: 'That is taken, or too near to another booking.' }];
  offers = () => problem(422, 'invalid', 'One thing is wrong.', { errors });
  open();
  await suggest();
  await userEvent.click(screen.getByRole('button', { name: 'Send offer' }));
  const wrong = await screen.findByText('That is taken, or too near to another booking.');
  expect(wrong.closest('li')?.textContent).toContain('Jul 5');
});

it('fills in a template when it is chosen, and the rest of it when it is sent', async () => {
  open();
  await userEvent.selectOptions(await screen.findByLabelText('Begin the message with a template'), 'Short');
  expect(message().value).toBe('Maya: haircut for {price}, {slot}.');
  expect(screen.getByText('What is in braces is filled in when you send it.')).toBeDefined();

  await suggest();
  await userEvent.selectOptions(screen.getByLabelText('Begin the message with a template'), 'Short');
  await userEvent.clear(price());
  await userEvent.type(price(), '58');
  await userEvent.click(screen.getByRole('button', { name: 'Send offer' }));
  await waitFor(() => expect(sent.length).toBe(1));
  expect(sent[0]?.['message']).toMatch(/^Maya: haircut for €55, on .*Jul 5.*\.$/);
});
