import type { ClerkObject } from '../api/clerk';

type Listener = Parameters<ClerkObject['addListener']>[0];

const listeners = new Set<Listener>();
let tokens: string[] = [];
let isShown = false;

/** Clerk, as it is played: what people do there, and what it shows. */
export const atClerk = {
  /** Somebody signs in; each token is good until another one is asked for. */
  signIn: (...given: string[]): void => {
    tokens = given;
    for (const listener of listeners) listener({ session });
  },
  signOut: (): void => {
    tokens = [];
    isShown = false;
    for (const listener of listeners) listener({ session: null });
  },
  /** Clerk renews its token by itself. */
  renew: (): void => {
    if (tokens.length > 1) tokens.shift();
  },
  isSignedIn: (): boolean => tokens.length > 0,
  isShown: (): boolean => isShown,
};

const session = {
  getToken: ({ skipCache = false }: { skipCache?: boolean } = {}): Promise<string | null> => {
    if (skipCache) atClerk.renew();
    return Promise.resolve(tokens[0] ?? null);
  },
};

/** In the place of `@clerk/clerk-js`, which a test mocks: `{ Clerk: PlayedClerk }`. */
export class PlayedClerk implements ClerkObject {
  get session() {
    return tokens.length > 0 ? session : null;
  }
  load(): Promise<void> {
    return Promise.resolve();
  }
  addListener(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  openSignIn(): void {
    isShown = true;
  }
  closeSignIn(): void {
    isShown = false;
  }
  signOut(): Promise<void> {
    atClerk.signOut();
    return Promise.resolve();
  }
}
