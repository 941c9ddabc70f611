import { Clerk } from '@clerk/clerk-js';
import { NetworkError } from './errors';
import type { Issuer } from './issuer';

/** What is used of Clerk. */
export interface ClerkObject {
  session?: { getToken: (options?: { skipCache?: boolean }) => Promise<string | null> } | null | undefined;
  addListener: (listener: (now: { session?: object | null | undefined }) => void) => () => void;
  openSignIn: () => void;
  closeSignIn: () => void;
  signOut: () => Promise<void>;
}

/** While it is not reached, Clerk tries for minutes; who calls the API hears sooner that the network is away. */
const PATIENCE_MS = 10_000;

/** Begins with Clerk: whoever is signed in there still is afterwards. */
export async function openClerk(publishableKey: string): Promise<Issuer> {
  const clerk = new Clerk(publishableKey);
  // Where one goes after signing in or out is up to the pages here.
  const stay = () => undefined;
  await clerk.load({ routerPush: stay, routerReplace: stay });
  return issuerOf(clerk);
}

/** Clerk as an issuer. */
export function issuerOf(clerk: ClerkObject): Issuer {
  let stopAwaiting = (): void => undefined;
  return {
    awaitSignIn: (onSignedIn, isWanted) => {
      stopAwaiting();
      if (clerk.session != null) {
        onSignedIn();
        return;
      }
      stopAwaiting = clerk.addListener(({ session }) => {
        if (session == null) return;
        stopAwaiting();
        clerk.closeSignIn();
        onSignedIn();
      });
      if (isWanted) clerk.openSignIn();
    },
    token: async (isRefused = false) => {
      if (clerk.session == null) return null;
      try {
        return await inTime(clerk.session.getToken({ skipCache: isRefused }));
      } catch (error) {
        if (isOver(error)) return null;
        throw new NetworkError(error);
      }
    },
    signOut: () => clerk.signOut(),
  };
}

/** Whether Clerk says that it does not know the session, or not any more. */
function isOver(error: unknown): boolean {
  return error instanceof Error && 'status' in error && (error.status === 401 || error.status === 404);
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Clerk did not answer in time.')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
