import { useState } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { hasCode } from '../../api/errors';
import type { Request } from '../../requests/request';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { bodyOf, draftOf } from './request-draft';
import { RequestForm } from './request-form';
import { useRequestMove } from './request-move';

/** Changes a request that has no offers; it is matched again then. To be put in a panel. */
export function EditRequest({ request, onClose }: { request: Request; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(request));
  const change = useRequestMove((body: View<'PatchBody'>) =>
    call(client.PATCH('/requests/{request_id}', { params: { path: { request_id: request.id } }, body })),
  );

  function save(more: Pick<View<'PatchBody'>, 'allow_duplicate'> = {}) {
    change.mutate(
      { ...bodyOf(draft), ...more },
      {
        onSuccess: () => {
          toast('Saved. Providers are looked for again.');
          onClose();
        },
      },
    );
  }

  const isDuplicate = hasCode(change.error, 'duplicate_request');
  return (
    <div className="grid gap-4">
      <Notice>Providers who have not answered yet are looked at anew.</Notice>
      <RequestForm
        draft={draft}
        onChange={setDraft}
        failure={isDuplicate ? null : change.error}
        busy={change.isPending}
        submit="Save and match again"
        onSubmit={() => save()}
      >
        {isDuplicate && (
          <Notice tone="warn" role="alert">
            <p>It would be like another live request of yours: same service, city and time.</p>
            <Button size="small" look="plain" className="mt-2" onClick={() => save({ allow_duplicate: true })}>
              Save it all the same
            </Button>
          </Notice>
        )}
      </RequestForm>
      <Button look="quiet" className="justify-self-start" onClick={onClose}>
        Leave it as it is
      </Button>
    </div>
  );
}
