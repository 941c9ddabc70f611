import type { View } from '../../api/client';
import { RatingSummary } from '../../reviews/rating-summary';
import { ReviewText } from '../../reviews/review-text';
import { useReviews } from '../../reviews/reviews';
import { Card } from '../../ui/card';
import { InfiniteList } from '../../ui/infinite-list';

/** What was said of a provider, together and one by one. To be put in a panel. */
export function ProviderReviews({ provider }: { provider: View<'ProfileView'> }) {
  const reviews = useReviews(provider.id);
  return (
    <div className="grid gap-3">
      <RatingSummary providerId={provider.id} />
      <InfiniteList
        label="Reviews"
        pages={reviews}
        keyOf={({ id }) => id}
        empty={<p className="text-muted">No reviews yet.</p>}
      >
        {(review) => (
          <Card>
            <ReviewText review={review} responder={provider.name} />
          </Card>
        )}
      </InfiniteList>
    </div>
  );
}
