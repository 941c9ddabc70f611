import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../../api/client';
import { keys } from '../../api/keys';

/** What the caller wrote of their bookings. Only the account's export tells which booking a review is of. */
export const writtenReviewsQuery = queryOptions({
  queryKey: keys.reviews.written,
  queryFn: async ({ signal }) => {
    const { reviews } = await call(client.GET('/auth/me/export', { signal }));
    return reviews.written;
  },
  staleTime: 5 * 60_000,
});
