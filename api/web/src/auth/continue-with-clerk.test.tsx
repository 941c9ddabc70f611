import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leave } from '../api/session';
import { json, playApi, problem } from '../test/answers';
import { bodyOf } from '../test/body-of';
import { atClerk } from '../test/clerk';
import { show } from '../test/show';
import SignInPage from './sign-in-page';

vi.mock('@clerk/clerk-js', async () => ({ Clerk: (await import('../test/clerk')).PlayedClerk }));

const me = { id: 'u-1', role: 'consumer', name: 'Maya', email: null };
let answerMe: () => Response;
let answerClaim: () => Response;
let claimed: unknown[] = [];
let asked: string[] = [];

beforeEach(() => {
  claimed = [];
  answerMe = () => json(me);
  answerClaim = () => json({ sessions: ['s-1'] });
  asked = playApi(async (request) => {
    switch (new URL(request.url).pathname) {
      case '/app/config.json':
        return json({ clerk_publishable_key: 'pk_test_1' });
      case '/auth/me':
        return answerMe();
      case '/chat/sessions/claim':
        claimed.push((await bodyOf(request))['guest_token'], request.headers.get('authorization'));
        return answerClaim();
      default:
        return json({ items: [], next_cursor: null });
    }
  });
});

afterEach(() => {
  leave();
  atClerk.signOut();
});

function visit() {
  show(<SignInPage />, '/sign-in?to=/bookings');
}

async function press() {
  await userEvent.click(await screen.findByRole('button', { name: 'Continue with Clerk' }));
}

it('signs in at Clerk, takes along what the guest said, and leads back', async () => {
  localStorage.setItem('proxie.guest', 'guest-token');
  visit();
  await press();
  await waitFor(() => expect(atClerk.isShown()).toBe(true));

  act(() => atClerk.signIn('token'));

  expect(await screen.findByText('At /bookings')).toBeDefined();
  expect(claimed).toEqual(['guest-token', 'Bearer token']);
  expect(localStorage.getItem('proxie.guest')).toBeNull();
});

it('goes on without the guest when the API does not give them away', async () => {
  localStorage.setItem('proxie.guest', 'guest-token');
  answerClaim = () => problem(422, 'invalid', 'The guest is no more.');
  atClerk.signIn('token');
  visit();
  await press();
  expect(await screen.findByText('At /bookings')).toBeDefined();
});

it('says why the API does not take who signed in, and tries again', async () => {
  answerMe = () => problem(401, 'account_closed', 'This account is closed.');
  atClerk.signIn('token');
  visit();
  await press();
  expect((await screen.findByRole('alert')).textContent).toContain('This account is closed.');
  expect(atClerk.isShown()).toBe(false);

  answerMe = () => json(me);
  await press();
  expect(await screen.findByText('At /bookings')).toBeDefined();
});

it('takes over who comes back from where Clerk led them', async () => {
  localStorage.setItem('proxie.issuer', 'begun');
  atClerk.signIn('token');
  visit();
  expect(await screen.findByText('At /bookings')).toBeDefined();
});

it('asks nobody at Clerk who did not want to', async () => {
  atClerk.signIn('token');
  visit();
  await screen.findByRole('button', { name: 'Continue with Clerk' });
  expect(asked).not.toContain('GET /auth/me');
});
