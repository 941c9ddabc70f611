import { askConfig } from './config';
import { ApiError, NetworkError } from './errors';

/** Who signs people in beside the API itself (Clerk): it shows a sign-in of its own, and the API takes its tokens. */
export interface Issuer {
  /** Calls back as soon as somebody is signed in there; until then it shows its sign-in, if that `isWanted`. */
  awaitSignIn: (onSignedIn: () => void, isWanted: boolean) => void;
  /** A token that is good now, and another one if the last `isRefused`. Null if nobody is signed in there. */
  token: (isRefused?: boolean) => Promise<string | null>;
  signOut: () => Promise<void>;
}

let opened: Promise<Issuer> | null = null;

/** The issuer that the server names; its code is loaded when it is first asked for. */
export function openIssuer(): Promise<Issuer> {
  opened ??= load().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** What the API answers who is not signed in. */
export function signedOut(): ApiError {
  return new ApiError(new Response(null, { status: 401 }), {
    code: 'unauthenticated',
    title: 'Signed out',
    detail: 'You are not signed in any more. Please sign in again.',
  });
}

async function load(): Promise<Issuer> {
  const { clerkPublishableKey } = await askConfig();
  // The server takes its tokens no more.
  if (clerkPublishableKey === null) throw signedOut();
  try {
    const { openClerk } = await import('./clerk');
    return await openClerk(clerkPublishableKey);
  } catch (error) {
    throw new NetworkError(error);
  }
}
