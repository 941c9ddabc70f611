import { useState } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { detailOf } from '../../api/errors';
import { useIdempotencyKey } from '../../api/idempotency';
import { isOpen } from '../../requests/request';
import type { Request } from '../../requests/request';
import { Button, ButtonLink } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { TextArea } from '../../ui/fields';
import { Notice } from '../../ui/notice';
import { useNow } from '../../ui/now';
import { toast } from '../../ui/toast';
import { nextMatchAt } from './matching-task';
import { useRequestMove } from './request-move';

interface RequestMovesProps {
  request: Request;
  /** Of its latest matching. */
  task: View<'TaskView'> | null;
  onEdit: () => void;
}

/** What its owner can do with a request as it stands. */
export function RequestMoves({ request, task, onEdit }: RequestMovesProps) {
  const canChange = request.status === 'matching' || request.status === 'matched';
  return (
    <div className="flex flex-wrap items-start gap-2">
      <ButtonLink to={`/?request=${request.id}`} icon="chat" look="plain">
        Talk about it
      </ButtonLink>
      {canChange && (
        <Button look="plain" icon="edit" onClick={onEdit}>
          Edit
        </Button>
      )}
      {canChange && <MatchAgain request={request} task={task} />}
      {isOpen(request) && <CancelRequest request={request} />}
    </div>
  );
}

/** Ten minutes after the last matching at the earliest; says how long that is. */
function MatchAgain({ request, task }: Pick<RequestMovesProps, 'request' | 'task'>) {
  const now = useNow(10_000);
  const key = useIdempotencyKey();
  const again = useRequestMove(() =>
    call(
      client.POST('/requests/{request_id}/match', {
        // Each matching after another one is an intent of its own.
        params: { path: { request_id: request.id }, header: key({ after: request.match?.task_id ?? null }) },
      }),
    ),
  );
  const at = nextMatchAt(task);
  const minutes = at === null ? 0 : Math.ceil((at.getTime() - now.getTime()) / 60_000);
  const runs = request.match?.status === 'processing';
  return (
    <div className="grid max-w-sm gap-2">
      <Button
        look="plain"
        icon="refresh"
        busy={again.isPending}
        disabled={runs || minutes > 0}
        onClick={() => again.mutate(undefined, { onSuccess: () => toast('Looking again.') })}
      >
        {minutes > 0 && !runs ? `Match again in ${minutes} min` : 'Match again'}
      </Button>
      {again.error !== null && (
        <Notice tone="bad" role="alert">
          {detailOf(again.error)}
        </Notice>
      )}
    </div>
  );
}

function CancelRequest({ request }: { request: Request }) {
  const [asks, setAsks] = useState(false);
  const [reason, setReason] = useState('');
  const cancel = useRequestMove(() => {
    const said = reason.trim();
    const params = { path: { request_id: request.id } };
    return call(client.POST('/requests/{request_id}/cancel', { params, body: said === '' ? {} : { reason: said } }));
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsks(true)}>
        Cancel request
      </Button>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title="Cancel this request?"
        description="Its offers are declined, and nobody is looked for any more. This cannot be taken back."
        confirm="Cancel request"
        danger
        onConfirm={async () => {
          await cancel.mutateAsync(undefined);
          toast('The request is cancelled.');
        }}
      >
        <TextArea label="Reason" hint="You can leave it out." maxLength={1000} value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}
