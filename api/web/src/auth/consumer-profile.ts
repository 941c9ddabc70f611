import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';

/** The caller as a consumer. */
export const consumerProfileQuery = queryOptions({
  queryKey: keys.consumer.profile,
  queryFn: ({ signal }) => call(client.GET('/consumers/me/profile', { signal })),
});
