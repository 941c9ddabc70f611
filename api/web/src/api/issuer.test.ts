import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import { atClerk } from '../test/clerk';
import { call, client } from './client';
import * as session from './session';

vi.mock('@clerk/clerk-js', async () => ({ Clerk: (await import('../test/clerk')).PlayedClerk }));

const me = { id: 'u-1', role: 'consumer', name: 'Maya', email: null };
/** The tokens that the API takes. */
let good: string[] = [];
/** The tokens that it was sent, by call. */
let sent: string[] = [];
let asked: string[] = [];

const ask = () => call(client.GET('/chat/sessions'));
const enter = async () => session.enterByIssuer(await session.askIssuer());

beforeEach(() => {
  good = ['one', 'two', 'three'];
  sent = [];
  asked = playApi((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/app/config.json') return json({ clerk_publishable_key: 'pk_test_1' });
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? 'none';
    sent.push(`${pathname} ${token}`);
    if (!good.includes(token)) return problem(401, 'unauthenticated', 'Sign in.');
    return json(pathname === '/auth/me' ? me : { items: [], next_cursor: null });
  });
});

afterEach(() => {
  session.leave();
  atClerk.signOut();
});

it('signs in who is signed in at Clerk', async () => {
  atClerk.signIn('one');
  await enter();
  expect(session.readSession()).toEqual({ status: 'signed-in', user: { id: 'u-1', role: 'consumer', name: 'Maya' } });
});

it('calls with the token that Clerk has at the moment', async () => {
  atClerk.signIn('one', 'two');
  await enter();

  await ask();
  atClerk.renew();
  await ask();

  expect(sent).toEqual(['/auth/me one', '/chat/sessions one', '/chat/sessions two']);
});

it('makes a call that was refused once more, with another token', async () => {
  atClerk.signIn('one', 'two');
  await enter();
  good = ['two'];

  await ask();

  expect(sent.at(-1)).toBe('/chat/sessions two');
  expect(asked).not.toContain('POST /auth/refresh');
});

it('finds who is signed in at Clerk again when the page is opened anew', async () => {
  atClerk.signIn('one');
  await enter();

  const stop = session.startSession();
  expect(session.readSession().status).toBe('loading');

  await vi.waitFor(() => expect(session.readSession().status).toBe('signed-in'));
  stop();
});

it('is a guest whose sign-in at Clerk has ended', async () => {
  atClerk.signIn('one');
  await enter();
  atClerk.signOut();

  const stop = session.startSession();

  await vi.waitFor(() => expect(session.readSession().status).toBe('guest'));
  stop();
});

it('signs out at Clerk, not at the API', async () => {
  atClerk.signIn('one');
  await enter();

  await session.signOut();

  expect(atClerk.isSignedIn()).toBe(false);
  expect(session.readSession()).toEqual({ status: 'guest' });
  expect(asked).not.toContain('POST /auth/logout');
});

it('leaves accounts of the API as they are', async () => {
  atClerk.signIn('two');
  session.beginAtIssuer();
  session.enter({ access_token: 'one', token_type: 'Bearer', expires_in: 900, user: { id: 'u-2', role: 'consumer' } });

  await ask();

  expect(sent).toEqual(['/chat/sessions one']);
});
