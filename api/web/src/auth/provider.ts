import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { hasCode } from '../api/errors';
import { keys } from '../api/keys';

/** The provider that the caller is. */
export const ownProviderQuery = queryOptions({
  queryKey: keys.ownProvider,
  queryFn: ({ signal }) => findOwnProvider(signal),
  staleTime: Infinity,
});

/** The id of the provider that the caller is; suspends until it is known. For pages of providers only. */
export function useProviderId(): string {
  return useSuspenseQuery(ownProviderQuery).data;
}

/** Whoever enrolled has it in the enrollment; who came by `POST /providers` has none, and finds it among all that is theirs. */
async function findOwnProvider(signal: AbortSignal): Promise<string> {
  try {
    const enrollment = await call(client.GET('/enrollment/mine', { signal }));
    if (enrollment.provider_id != null) return enrollment.provider_id;
  } catch (error) {
    if (!hasCode(error, 'not_yours')) throw error;
  }
  const { business } = await call(client.GET('/auth/me/export', { signal }));
  if (business == null) throw new Error('The account has no provider.');
  return business.profile.id;
}
