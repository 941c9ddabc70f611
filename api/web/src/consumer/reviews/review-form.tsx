import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { hasCode } from '../../api/errors';
import { useIdempotencyKey } from '../../api/idempotency';
import { keys } from '../../api/keys';
import type { Booking } from '../../bookings/booking';
import { breakdownParts } from '../../reviews/breakdown';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/fields';
import { Form } from '../../ui/form';
import { toast } from '../../ui/toast';
import { StarField } from './star-field';
import { writtenReviewsQuery } from './written-reviews';

/** How it was: once for each booking. */
export function ReviewForm({ booking }: { booking: Booking }) {
  const [rating, setRating] = useState<number | null>(null);
  const [breakdown, setBreakdown] = useState<View<'Breakdown'>>({});
  const [text, setText] = useState('');
  const post = usePostReview();

  function send() {
    if (rating === null) return;
    const said = text.trim();
    post.mutate({ booking_id: booking.id, rating, breakdown, ...(said === '' ? {} : { text: said }) });
  }

  return (
    <Form failure={post.error} onSubmit={send}>
      <p className="text-muted">Everybody can read it. It cannot be changed afterwards.</p>
      <StarField legend="All in all" pointer="/body/rating" required value={rating} onChange={setRating} />
      <div className="grid gap-3 sm:grid-cols-2">
        {breakdownParts.map(({ part, name }) => (
          <StarField
            key={part}
            legend={name}
            pointer={`/body/breakdown/${part}`}
            value={breakdown[part] ?? null}
            onChange={(stars) => setBreakdown({ ...breakdown, [part]: stars })}
          />
        ))}
      </div>
      <TextArea
        label={`How was it with ${booking.provider_name}?`}
        hint="You can leave it out."
        pointer="/body/text"
        maxLength={5000}
        value={text}
        onChange={setText}
      />
      <Button type="submit" busy={post.isPending} className="justify-self-start">
        Post review
      </Button>
    </Form>
  );
}

function usePostReview() {
  const queries = useQueryClient();
  const key = useIdempotencyKey();
  return useMutation({
    mutationFn: (body: View<'ReviewBody'>) => call(client.POST('/reviews', { body, params: { header: key(body) } })),
    onSuccess: (review, { booking_id }) => {
      queries.setQueryData(writtenReviewsQuery.queryKey, (before) => [...(before ?? []), { ...review, booking_id }]);
      void queries.invalidateQueries({ queryKey: keys.providers.all });
      toast('Thank you for your review.');
    },
    onError: (error) => {
      if (hasCode(error, 'already_reviewed')) void queries.invalidateQueries({ queryKey: keys.reviews.written });
    },
  });
}
