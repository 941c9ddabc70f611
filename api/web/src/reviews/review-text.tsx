import type { View } from '../api/client';
import { Stars } from '../ui/rating';
import { Time } from '../ui/time';
import { breakdownParts } from './breakdown';

interface ReviewTextProps {
  review: View<'ReviewView'>;
  /** Who answers it. */
  responder: string;
}

/** A review, with what the provider says to it. */
export function ReviewText({ review, responder }: ReviewTextProps) {
  const { breakdown } = review;
  const parts = breakdownParts.filter(({ part }) => breakdown[part] != null);
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Stars rating={review.rating} />
        {review.author != null && <span className="font-medium">{review.author}</span>}
        <span className="text-sm text-muted">
          <Time at={review.created_at} ago />
        </span>
      </p>
      {parts.length > 0 && (
        <p className="text-sm text-muted">
          {parts.map(({ part, name }) => `${name} ${breakdown[part] ?? ''}`).join(' · ')}
        </p>
      )}
      {review.text !== '' && <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{review.text}</p>}
      {review.response != null && (
        <div className="mt-1 border-l-2 border-line-strong pl-3">
          <p className="text-sm text-muted">
            {responder} answered
            {review.responded_at != null && (
              <>
                {' '}
                <Time at={review.responded_at} ago />
              </>
            )}
          </p>
          <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{review.response}</p>
        </div>
      )}
    </div>
  );
}
