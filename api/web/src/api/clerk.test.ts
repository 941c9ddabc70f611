import { afterEach, expect, it, vi } from 'vitest';
import { PlayedClerk, atClerk } from '../test/clerk';
import { issuerOf } from './clerk';
import type { ClerkObject } from './clerk';
import { NetworkError } from './errors';

vi.mock('@clerk/clerk-js', async () => ({ Clerk: (await import('../test/clerk')).PlayedClerk }));

afterEach(() => {
  atClerk.signOut();
  vi.useRealTimers();
});

/** A Clerk that answers this when it is asked for a token. */
function answering(getToken: () => Promise<string | null>): ClerkObject {
  return {
    session: { getToken },
    addListener: () => () => undefined,
    openSignIn: () => undefined,
    closeSignIn: () => undefined,
    signOut: () => Promise.resolve(),
  };
}

it('shows its sign-in, and says once when somebody has signed in', () => {
  const issuer = issuerOf(new PlayedClerk());
  const onSignedIn = vi.fn();

  issuer.awaitSignIn(onSignedIn, true);
  expect(atClerk.isShown()).toBe(true);
  expect(onSignedIn).not.toHaveBeenCalled();

  atClerk.signIn('token');
  atClerk.signIn('token');
  expect(atClerk.isShown()).toBe(false);
  expect(onSignedIn).toHaveBeenCalledOnce();
});

it('shows nothing to who is signed in there already, or did not ask for it', () => {
  const issuer = issuerOf(new PlayedClerk());
  const onSignedIn = vi.fn();

  issuer.awaitSignIn(onSignedIn, false);
  expect(atClerk.isShown()).toBe(false);

  atClerk.signIn('token');
  issuer.awaitSignIn(onSignedIn, true);
  expect(atClerk.isShown()).toBe(false);
  expect(onSignedIn).toHaveBeenCalledTimes(2);
});

it('gives another token when one was refused, and none of nobody', async () => {
  const issuer = issuerOf(new PlayedClerk());
  expect(await issuer.token()).toBeNull();

  atClerk.signIn('one', 'two');
  expect(await issuer.token()).toBe('one');
  expect(await issuer.token()).toBe('one');
  expect(await issuer.token(true)).toBe('two');
});

it('has no token when Clerk does not know the session any more', async () => {
  const issuer = issuerOf(answering(() => Promise.reject(Object.assign(new Error('Gone'), { status: 404 }))));
  expect(await issuer.token()).toBeNull();
});

it('says that the network is away when Clerk does not answer', async () => {
  vi.useFakeTimers();
  const issuer = issuerOf(answering(() => new Promise(() => undefined)));
  const token = issuer.token().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await token).toBeInstanceOf(NetworkError);
});
