import { RatingSummary } from '../reviews/rating-summary';
import { ReviewText } from '../reviews/review-text';
import { useReviews } from '../reviews/reviews';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { InfiniteList } from '../ui/infinite-list';
import { ReviewResponse } from './review-response';

/** What people say of the provider, and the provider's answers. */
export function Reviews({ providerId }: { providerId: string }) {
  const reviews = useReviews(providerId);
  return (
    <div className="grid gap-4">
      <RatingSummary providerId={providerId} />
      <InfiniteList
        label="Reviews"
        pages={reviews}
        keyOf={({ id }) => id}
        empty={
          <EmptyState icon="star" title="No reviews yet">
            After a booking is done, customers can say for 30 days how it was.
          </EmptyState>
        }
      >
        {(review) => (
          <Card className="grid gap-2">
            <ReviewText review={review} responder="You" />
            {review.response == null && <ReviewResponse review={review} />}
          </Card>
        )}
      </InfiniteList>
    </div>
  );
}
