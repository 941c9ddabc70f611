import createClient from 'openapi-fetch';
import { storage } from '../storage';
import { call, reach } from './call';
import { ApiError, detailOf } from './errors';
import { openIssuer, signedOut } from './issuer';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type User = Schemas['UserView'];
export type SignIn = Schemas['SignInView'];
/** Who somebody is, and the token that says so. */
export type Identity = Pick<SignIn, 'access_token' | 'user'>;

/** Who sits at this browser. */
export type Session =
  { status: 'loading'; trouble: string | null } | { status: 'guest' } | { status: 'signed-in'; user: User };

/** Where the id of who is signed in is kept: whether a refresh is worth trying, and how tabs hear of each other. */
const USER = 'proxie.user';
/** Where it is kept that who is signed in is so by the issuer beside the API, or has begun to sign in there. */
const ISSUER = 'proxie.issuer';
const BEGUN = 'begun';
const DONE = 'done';
/** Where a guest's token is kept: nothing else brings the guest back. */
const GUEST = 'proxie.guest';
/** What one tab at a time holds while it renews the token. */
const LOCK = 'proxie.session';
const LONGEST_PAUSE_MS = 30_000;

/** Calls that need no token, or must not wait for one. */
export const open = createClient<paths>({ baseUrl: location.origin, fetch: reach });

let session: Session = { status: 'loading', trouble: null };
/** The access token of who is signed in: in memory only. */
let access: string | null = null;
let renewal: Promise<string> | null = null;
/** Tells other tabs of a new access token, so that the refresh token is used once for all of them. */
let tabs: BroadcastChannel | null = null;
const listeners = new Set<() => void>();

export function readSession(): Session {
  return session;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Finds out who sits here, and goes on listening to other tabs; to be called once. Answers how to stop. */
export function startSession(): () => void {
  if (typeof BroadcastChannel !== 'undefined') {
    tabs = new BroadcastChannel(LOCK);
    tabs.onmessage = ({ data }: MessageEvent<Identity>) => {
      if (data.user.id === storage.read(USER)) hold(data);
    };
  }
  const onStorage = (event: StorageEvent) => {
    if (event.key === USER && event.newValue !== event.oldValue) void resume();
  };
  window.addEventListener('storage', onStorage);
  void resume();
  return () => {
    window.removeEventListener('storage', onStorage);
    tabs?.close();
    tabs = null;
  };
}

/** The token to call with, if there is one. */
export async function bearer(): Promise<string | null> {
  if (access !== null) return isByIssuer() ? latest(access) : access;
  return storage.read(USER) === null ? storage.read(GUEST) : renew(null);
}

/**
 * A token instead of the one that was refused: by the cookie of who is signed in, else that of a new guest. However many
 * ask at once, in however many tabs, it is renewed once.
 */
export function renew(refused: string | null): Promise<string> {
  renewal ??= alone(() => (storage.read(USER) === null ? newGuest(refused) : refresh(refused))).finally(() => {
    renewal = null;
  });
  return renewal;
}

/** Makes somebody without a token a guest. */
export async function becomeGuest(): Promise<void> {
  if ((await bearer()) === null) await renew(null);
}

/** Keeps a guest's token that the API answered. */
export function keepGuest(token: string): void {
  if (session.status !== 'signed-in') storage.write(GUEST, token);
}

/** The token of the guest who sat here until now. */
export function guestToken(): string | null {
  return storage.read(GUEST);
}

/** Somebody has signed in at the API; the guest before them is no more. */
export function enter(signIn: SignIn): void {
  storage.remove(ISSUER);
  admit(signIn);
}

/** Somebody goes to sign in at the issuer: it may lead them away from this page, and back. */
export function beginAtIssuer(): void {
  if (!isByIssuer()) storage.write(ISSUER, BEGUN);
}

/** Whether somebody went to sign in at the issuer, and has not arrived here yet. */
export function hasBegunAtIssuer(): boolean {
  return storage.read(ISSUER) === BEGUN;
}

/** Who is signed in at the issuer. Throws the refusal of 401 if nobody is, or the API does not take them. */
export async function askIssuer(isRefused = false): Promise<Identity> {
  const issuer = await openIssuer();
  const token = await issuer.token(isRefused);
  if (token === null) throw signedOut();
  const { id, role, name = null } = await call(open.GET('/auth/me', { headers: { Authorization: `Bearer ${token}` } }));
  return { access_token: token, user: { id, role, name } };
}

/** Somebody has signed in at the issuer; the guest before them is no more. */
export function enterByIssuer(identity: Identity): void {
  storage.write(ISSUER, DONE);
  admit(identity);
}

/** Ends the sign-in, wherever it was made. */
export async function signOut(): Promise<void> {
  try {
    if (isByIssuer()) {
      const issuer = await openIssuer();
      await issuer.signOut();
    } else {
      await call(open.POST('/auth/logout', { body: {} }));
    }
  } catch (error) {
    // The sign-in is over already.
    if (!isRefusal(error)) throw error;
  }
  leave();
}

/** Nobody is signed in any more. */
export function leave(): void {
  storage.remove(ISSUER);
  storage.remove(USER);
  access = null;
  become({ status: 'guest' });
}

/** Forgets a guest's token that is not good. */
export function forgetGuest(): void {
  storage.remove(GUEST);
}

/** Tries until it is known who sits here: a network that is away is no reason to sign anybody out. */
async function resume(): Promise<void> {
  access = null;
  become({ status: 'loading', trouble: null });
  for (let pause = 1_000; storage.read(USER) !== null; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      await renew(null);
      return;
    } catch (error) {
      if (isRefusal(error)) return;
      become({ status: 'loading', trouble: detailOf(error) });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  become({ status: 'guest' });
}

async function refresh(refused: string | null): Promise<string> {
  if (access !== null && access !== refused) return access;
  try {
    const identity = isByIssuer() ? await askIssuer(refused !== null) : await refreshByCookie();
    admit(identity);
    return identity.access_token;
  } catch (error) {
    if (isRefusal(error)) leave();
    throw error;
  }
}

/** A page that is left meanwhile must not lose the new cookie: the old one is good once. */
function refreshByCookie(): Promise<SignIn> {
  return call(open.POST('/auth/refresh', { body: {}, keepalive: true }));
}

/**
 * The issuer's token of the moment: its tokens are good for a minute, and it renews them by itself. While it is not reached, the
 * last one has to do.
 */
async function latest(last: string): Promise<string> {
  try {
    const issuer = await openIssuer();
    const token = await issuer.token();
    if (token === null) return last;
    // Somebody may have left meanwhile.
    if (access === last) access = token;
    return token;
  } catch {
    return last;
  }
}

/** Whether who is signed in is so by the issuer. */
function isByIssuer(): boolean {
  return storage.read(ISSUER) === DONE;
}

async function newGuest(refused: string | null): Promise<string> {
  const kept = storage.read(GUEST);
  if (kept !== null && kept !== refused) return kept;
  const { access_token: token } = await call(open.POST('/auth/guest'));
  storage.write(GUEST, token);
  return token;
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Where browsers have no locks (without HTTPS), tabs go by themselves. */
async function alone(work: () => Promise<string>): Promise<string> {
  return 'locks' in navigator ? navigator.locks.request(LOCK, work) : work();
}

/** Who is signed in, here and in all tabs. */
function admit(identity: Identity): void {
  storage.remove(GUEST);
  storage.write(USER, identity.user.id);
  hold(identity);
  tabs?.postMessage(identity);
}

function hold({ access_token: token, user }: Identity): void {
  access = token;
  become({ status: 'signed-in', user });
}

function become(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}
