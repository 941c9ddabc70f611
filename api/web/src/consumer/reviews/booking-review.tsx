import { useQuery } from '@tanstack/react-query';
import type { Booking } from '../../bookings/booking';
import { ReviewText } from '../../reviews/review-text';
import { Card } from '../../ui/card';
import { useNow } from '../../ui/now';
import { Skeleton } from '../../ui/skeleton';
import { ReviewForm } from './review-form';
import { writtenReviewsQuery } from './written-reviews';

const REVIEW_MS = 30 * 24 * 3_600_000;

/** The review of a completed booking: what was written, or the form for it as long as there is time. */
export function BookingReview({ booking }: { booking: Booking }) {
  // Without an answer the form is better than nothing: nobody can write twice.
  const { data: written, isPending } = useQuery({ ...writtenReviewsQuery, throwOnError: false });
  const now = useNow();
  if (isPending) return <Skeleton className="h-96" />;
  const review = written?.find(({ booking_id: id }) => id === booking.id);
  if (review !== undefined) {
    return (
      <Card>
        <ReviewText review={review} responder={booking.provider_name} />
      </Card>
    );
  }
  const ended = new Date(booking.slot.end_at).getTime();
  if (now.getTime() - ended > REVIEW_MS) {
    return <p className="text-muted">You wrote none, and the time for it is over: 30 days from its end.</p>;
  }
  return (
    <Card>
      <ReviewForm booking={booking} />
    </Card>
  );
}
