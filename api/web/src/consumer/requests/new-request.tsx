import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { hasCode } from '../../api/errors';
import { useIdempotencyKey } from '../../api/idempotency';
import { keys } from '../../api/keys';
import { consumerProfileQuery } from '../../auth/consumer-profile';
import { useWho } from '../../auth/who';
import { storage } from '../../storage';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { bodyOf, emptyDraft, readDraft, writeDraft } from './request-draft';
import { RequestForm } from './request-form';

/** The form of a new request. What is typed is kept until it is posted. To be put in a panel. */
export function NewRequest() {
  const { user } = useWho();
  const { data: profile } = useSuspenseQuery(consumerProfileQuery);
  const typed = `proxie.typed.request.${user?.id ?? ''}`;
  const [draft, setDraft] = useState(() => readDraft(typed) ?? { ...emptyDraft, city: profile.city ?? '' });
  const post = usePosting(() => storage.remove(typed));

  useEffect(() => writeDraft(typed, draft), [typed, draft]);

  const isHome = draft.city.trim() === profile.city;
  const body = { ...bodyOf(draft), ...(isHome && profile.location != null ? { location: profile.location } : {}) };
  const isDuplicate = hasCode(post.error, 'duplicate_request');
  return (
    <RequestForm
      draft={draft}
      onChange={setDraft}
      // That there is one like it already is asked, not refused.
      failure={isDuplicate ? null : post.error}
      busy={post.isPending}
      submit="Post request"
      onSubmit={() => post.mutate(body)}
    >
      {isDuplicate && (
        <Notice tone="warn" role="alert">
          <p>You have a live request for the same service, city and time already. Do you want another one?</p>
          <Button
            size="small"
            look="plain"
            className="mt-2"
            onClick={() => post.mutate({ ...body, allow_duplicate: true })}
          >
            Post it all the same
          </Button>
        </Notice>
      )}
      {hasCode(post.error, 'too_many_live') && (
        <Notice tone="warn">
          Ten requests can be live at once. Cancel one that you do not need any more{' '}
          <Link to="/requests?tab=open" className="underline">
            among your requests
          </Link>
          ; what you wrote here is kept.
        </Notice>
      )}
    </RequestForm>
  );
}

function usePosting(onPosted: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const key = useIdempotencyKey();
  return useMutation({
    mutationFn: (body: View<'PostBody'>) => call(client.POST('/requests', { body, params: { header: key(body) } })),
    onSuccess: async (request) => {
      onPosted();
      queries.setQueryData(keys.requests.one(request.id), request);
      void queries.invalidateQueries({ queryKey: keys.requests.all });
      await navigate(`/requests/${request.id}`);
    },
  });
}
