import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { Button } from '../ui/button';
import { TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';
import { useKept } from './kept';

/** Answers a review, which a provider does once. */
export function ReviewResponse({ review }: { review: View<'ReviewView'> }) {
  const queries = useQueryClient();
  const [text, setText, forget] = useKept(`proxie.response.${review.id}`, '');
  const [isOpen, setOpen] = useState(text !== '');
  const send = useMutation({
    mutationFn: () =>
      call(
        client.PUT('/reviews/{review_id}/response', {
          params: { path: { review_id: review.id } },
          body: { text: text.trim() },
        }),
      ),
    onSuccess: () => {
      forget();
      toast('Your answer is there for everybody to read.');
    },
    // Also what was refused: it was answered elsewhere, then.
    onSettled: () => queries.invalidateQueries({ queryKey: keys.providers.reviews(review.provider_id) }),
  });
  if (!isOpen) {
    return (
      <Button look="quiet" size="small" icon="chat" className="justify-self-start" onClick={() => setOpen(true)}>
        Answer
      </Button>
    );
  }
  return (
    <Form onSubmit={() => send.mutate()} failure={send.error}>
      <TextArea
        label="Your answer"
        hint="Everybody can read it. You answer once; it cannot be changed."
        pointer="/body/text"
        value={text}
        onChange={setText}
        maxLength={5_000}
        required
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="small" busy={send.isPending} disabled={text.trim() === ''}>
          Send answer
        </Button>
        <Button look="quiet" size="small" onClick={() => setOpen(false)}>
          Not now
        </Button>
      </div>
    </Form>
  );
}
