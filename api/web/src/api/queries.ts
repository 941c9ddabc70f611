import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';

const MOST_RETRIES = 2;

/** The client of all queries. What the API refuses is not asked again; what was away is, when it says or after a pause. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) => failures < MOST_RETRIES && !isRefusal(error),
        retryDelay: (failures, error) => pauseOf(error) ?? Math.min(1_000 * 2 ** failures, 8_000),
        // Without data the panel around says so; with data, old data is better than none.
        throwOnError: (_, query) => query.state.data === undefined,
      },
      // Without a network what somebody does fails at once: they see it, and do it again when they want to.
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Whether the API said no: asked again, it says so again. */
export function isRefusal(error: Error): boolean {
  return error instanceof ApiError && error.status < 500;
}

function pauseOf(error: Error): number | null {
  const seconds = error instanceof ApiError ? error.retryAfter : null;
  return seconds === null ? null : Math.min(seconds, 30) * 1_000;
}
