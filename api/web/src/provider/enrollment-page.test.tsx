import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { WhoProvider } from '../auth/who';
import { json, playApi, problem } from '../test/answers';
import { bodyOf } from '../test/body-of';
import { visit } from '../test/visit';
import EnrollmentPage from './enrollment-page';

/** A pause before something is saved passes in these. */
const soon = { timeout: 4_000 };

const enrollment = (fields: object) => ({
  id: 'e-1',
  user_id: 'u-1',
  status: 'draft',
  fields,
  missing: [{ pointer: '/city', message: 'Name a city.' }],
  reasons: [],
  created_at: '2031-07-01T10:00:00Z',
  updated_at: '2031-07-01T10:00:00Z',
  expires_at: '2031-09-29T10:00:00Z',
});

function Page() {
  return (
    <WhoProvider>
      <EnrollmentPage />
    </WhoProvider>
  );
}

const open = () => visit(Page, '/enroll/:id', '/enroll/e-1');

/** Plays the enrollment; `fill` may refuse what is sent. */
function play(fill: (changes: Record<string, unknown>) => Response | null) {
  let saved: Record<string, unknown> = {};
  const sent: Record<string, unknown>[] = [];
  playApi(async (request) => {
    if (request.method !== 'PATCH') return json(enrollment(saved));
    const changes = await bodyOf(request);
    sent.push(changes);
    const refusal = fill(changes);
    if (refusal !== null) return refusal;
    saved = { ...saved, ...changes };
    return json(enrollment(saved));
  });
  return { sent, saved: () => saved };
}

it('keeps what a failed save did not take, over a reload, and saves it then', async () => {
  let isDown = true;
  const { sent, saved } = play(() => (isDown ? problem(503, 'unavailable', 'Back in a minute.') : null));
  open();
  await userEvent.type(await screen.findByLabelText('Name of your business'), 'Curl & Co');
  expect(await screen.findByText(/Not everything is saved yet. Back in a minute./, {}, soon)).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>('Name of your business').value).toBe('Curl & Co');
  expect(sent).toEqual([{ business_name: 'Curl & Co' }]);

  cleanup();
  // What leaves the page tries once more.
  await waitFor(() => expect(sent.length).toBe(2));
  isDown = false;
  open();
  expect((await screen.findByLabelText<HTMLInputElement>('Name of your business')).value).toBe('Curl & Co');
  expect(await screen.findByText('Saved', {}, soon)).toBeDefined();
  expect(saved()).toEqual({ business_name: 'Curl & Co' });
});

it('saves the rest when one field is refused, and says at that field why', async () => {
  const wrong = [{ pointer: '/body/phone', message: 'That is no phone number.' }];
  const { saved } = play((changes) =>
    'phone' in changes ? problem(422, 'invalid', 'One thing is wrong.', { errors: wrong }) : null,
  );
  open();
  await userEvent.type(await screen.findByLabelText('Phone'), '?');
  await userEvent.type(screen.getByLabelText('City or neighbourhood'), 'Brooklyn');
  expect(await screen.findByText('That is no phone number.', {}, soon)).toBeDefined();
  await waitFor(() => expect(saved()).toEqual({ city: 'Brooklyn' }));
  expect(screen.getByLabelText<HTMLInputElement>('Phone').value).toBe('?');
});

it('saves what is typed while it saves', async () => {
  const { sent, saved } = play(() => null);
  open();
  const name = await screen.findByLabelText('Name of your business');
  await userEvent.type(name, 'Curl');
  await waitFor(() => expect(sent.length).toBe(1), soon);
  await userEvent.type(name, ' & Co');
  await waitFor(() => expect(saved()).toEqual({ business_name: 'Curl & Co' }), soon);
});

it('leads on by what is missing, and does not send it in before', async () => {
  play(() => null);
  const address = open();
  await userEvent.click(await screen.findByRole('link', { name: 'Send it in' }));
  expect(address()).toBe('/enroll/e-1?step=summary');
  expect(screen.getByText(/Name a city./)).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send it in' }).disabled).toBe(true);
});
