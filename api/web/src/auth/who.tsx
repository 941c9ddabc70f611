import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { call, client } from '../api/client';
import { ApiError } from '../api/errors';
import { keys } from '../api/keys';
import * as session from '../api/session';
import type { Session, SignIn, User } from '../api/session';
import { ownProviderQuery } from './provider';

export interface Who {
  status: Session['status'];
  /** Why it is not known yet who sits here, if something is wrong. */
  trouble: string | null;
  user: User | null;
  role: User['role'];
  /** Of who is a provider, as soon as it is known; `useProviderId` waits for it. */
  providerId: string | null;
  signIn: (body: { email: string; password: string }) => Promise<void>;
  /** Makes an account; what the guest here said becomes theirs. */
  signUp: (body: { email: string; password: string; name?: string }) => Promise<void>;
  /** Takes over who is signed in at the issuer; what the guest here said becomes theirs. */
  enterByIssuer: () => Promise<void>;
  signOut: () => Promise<void>;
  /** Takes over a sign-in that a call answered: that of a new password. */
  enter: (signIn: SignIn) => void;
  /** The account is closed: nobody is signed in. */
  leave: () => void;
  /** Asks again who one is: after what may have changed the role or name. */
  reload: () => Promise<void>;
}

const WhoContext = createContext<Who | null>(null);

/** Who sits here, and how that changes. */
export function useWho(): Who {
  const who = use(WhoContext);
  if (who === null) throw new Error('useWho is for what is inside WhoProvider.');
  return who;
}

export function WhoProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const state = useSyncExternalStore(session.onSessionChange, session.readSession);
  useEffect(() => session.startSession(), []);
  useForgettingOthers(state);

  const signedIn = state.status === 'signed-in' ? state.user : null;
  const me = useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => call(client.GET('/auth/me', { signal })),
    enabled: signedIn !== null,
    staleTime: 60_000,
    throwOnError: false,
  });
  // A role can be earned or lost while signed in: what was asked last counts.
  const user = signedIn === null ? null : me.data?.id === signedIn.id ? me.data : signedIn;
  const provider = useQuery({ ...ownProviderQuery, enabled: user?.role === 'provider', throwOnError: false });

  const who = useMemo<Who>(
    () => ({
      status: state.status,
      trouble: state.status === 'loading' ? state.trouble : null,
      user,
      role: user?.role ?? 'guest',
      providerId: user?.role === 'provider' ? (provider.data ?? null) : null,
      signIn: (body) => claiming((guest) => call(session.open.POST('/auth/login', { body: { ...body, ...guest } }))),
      signUp: (body) => claiming((guest) => call(session.open.POST('/auth/register', { body: { ...body, ...guest } }))),
      enterByIssuer,
      signOut: session.signOut,
      enter: session.enter,
      leave: session.leave,
      reload: () => queries.invalidateQueries({ queryKey: keys.me }),
    }),
    [state, user, provider.data, queries],
  );
  return <WhoContext value={who}>{children}</WhoContext>;
}

/** Signs in with the guest's token, and without it if it is not good any more. */
async function claiming(ask: (guest: { guest_token?: string }) => Promise<SignIn>): Promise<void> {
  const token = session.guestToken();
  try {
    session.enter(await ask(token === null ? {} : { guest_token: token }));
  } catch (error) {
    const isOld = error instanceof ApiError && error.errors.some(({ pointer }) => pointer === '/body/guest_token');
    if (!isOld) throw error;
    session.forgetGuest();
    session.enter(await ask({}));
  }
}

/** What the API refuses of a guest's token: it is not good any more, or the role of who signs in takes nothing over. */
const REFUSALS: readonly number[] = [403, 409, 422];

async function enterByIssuer(): Promise<void> {
  const identity = await session.askIssuer();
  const guest = session.guestToken();
  if (guest !== null) {
    try {
      const headers = { Authorization: `Bearer ${identity.access_token}` };
      await call(session.open.POST('/chat/sessions/claim', { body: { guest_token: guest }, headers }));
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSALS.includes(error.status)) throw error;
    }
  }
  session.enterByIssuer(identity);
}

/** When somebody else sits here, nothing of what was read for the last one stays. */
function useForgettingOthers(state: Session): void {
  const queries = useQueryClient();
  const identity = state.status === 'signed-in' ? state.user.id : state.status === 'guest' ? 'guest' : null;
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (identity === null) return;
    if (last.current !== null && last.current !== identity) void queries.resetQueries();
    last.current = identity;
  }, [identity, queries]);
}
