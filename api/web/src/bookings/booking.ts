import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { pollEvery } from '../api/polling';

export type Booking = View<'BookingView'>;

const LATE_MS = 24 * 3_600_000;

/** One booking, as the side that reads it sees it. */
export function bookingQuery(id: string) {
  return queryOptions({
    queryKey: keys.bookings.one(id),
    queryFn: ({ signal }) =>
      call(client.GET('/bookings/{booking_id}', { params: { path: { booking_id: id } }, signal })),
    refetchInterval: pollEvery(30_000),
  });
}

/** A move of a booking: what it answers is shown at once; all that hangs together with it is asked for again. */
export function useBookingMove<Input>(move: (input: Input) => Promise<Booking>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: move,
    onSuccess: (booking) => queries.setQueryData(keys.bookings.one(booking.id), booking),
    // Also what was refused: the booking is not as this page has it, then.
    onSettled: () => {
      for (const queryKey of [keys.bookings.all, keys.requests.all, keys.offers.all, keys.providers.all]) {
        void queries.invalidateQueries({ queryKey });
      }
    },
  });
}

/** Whom one has the booking with. */
export function otherSideOf(booking: Booking): string {
  return booking.side === 'provider' ? (booking.consumer_name ?? 'The customer') : booking.provider_name;
}

/** Where the work is done, in the words of the side that reads it. */
export function placeOf(booking: Booking): string {
  if (booking.place === 'remote') return 'Remote: by phone or online';
  if (booking.place === booking.side) return 'At your place';
  const host = booking.place === 'provider' ? booking.provider_name : (booking.consumer_name ?? 'the customer');
  return `At ${host}’s place`;
}

/** Whether the work lies ahead and nothing has ended it: it can be moved and called off. */
export function isAhead(booking: Booking, now: Date): boolean {
  return booking.status === 'confirmed' && new Date(booking.slot.start_at) > now;
}

/** Whether it has begun and nobody has said how it ended. */
export function isBegun(booking: Booking, now: Date): boolean {
  return booking.status === 'confirmed' && new Date(booking.slot.start_at) <= now;
}

/** Whether calling it off now would be late, which counts in a reputation. */
export function wouldBeLate(booking: Booking, now: Date): boolean {
  return new Date(booking.slot.start_at).getTime() - now.getTime() < LATE_MS;
}
