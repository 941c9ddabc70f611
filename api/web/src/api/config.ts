import { useQuery } from '@tanstack/react-query';
import { reach } from './call';
import { ApiError } from './errors';
import { keys } from './keys';

/** What the server tells its web client; null is what it does not have. */
export interface Config {
  /** Where it tells of news by itself. */
  realtimeUrl: string | null;
  clerkPublishableKey: string | null;
  /** Where reports of errors go. */
  sentryDsn: string | null;
  release: string | null;
}

const NOTHING: Config = { realtimeUrl: null, clerkPublishableKey: null, sentryDsn: null, release: null };

let asked: Promise<Config> | null = null;

/** The configuration, asked for once a visit. Throws while the server cannot be reached: whoever asks next tries again. */
export function askConfig(): Promise<Config> {
  asked ??= ask().catch((error: unknown) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** The configuration as far as it is known: nobody waits for it, and without one everything is null. */
export function useConfig(): Config {
  const { data } = useQuery({ queryKey: keys.config, queryFn: askConfig, staleTime: Infinity, throwOnError: false });
  return data ?? NOTHING;
}

async function ask(): Promise<Config> {
  const response = await reach(new Request(new URL('/app/config.json', location.origin)));
  if (response.status >= 500) throw new ApiError(response, null);
  // A server that has none answers 404, or a page.
  const told: unknown = response.ok ? await response.json().catch(() => null) : null;
  return typeof told === 'object' && told !== null ? read(told) : NOTHING;
}

function read(told: object): Config {
  const said = new Map<string, unknown>(Object.entries(told));
  const text = (name: string): string | null => {
    const value = said.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    realtimeUrl: text('realtime_url'),
    clerkPublishableKey: text('clerk_publishable_key'),
    sentryDsn: text('sentry_dsn'),
    release: text('release'),
  };
}
