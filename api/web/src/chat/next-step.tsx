import { useQuery } from '@tanstack/react-query';
import type { View } from '../api/client';
import { isRefusal } from '../api/queries';
import { useWho } from '../auth/who';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { PickServices } from './pick-services';
import { PickSlot } from './pick-slot';
import { SignUp } from './sign-up';
import { endedTaskQuery } from './task-query';
import type { Draft } from './transcript';
import { UploadPortfolio } from './upload-portfolio';

interface NextStepProps {
  /** The task of the last answer. */
  taskId: string;
  data: View<'DataView'> | null;
  draft: Draft | null;
  sessionId: string | null;
  onSay: (text: string) => void;
  onPhotos: (files: readonly File[]) => void;
}

/** What the last answer offers to do or say next. Only its task knows; a task's result is kept for a week. */
export default function NextStep({ taskId, data, draft, sessionId, onSay, onPhotos }: NextStepProps) {
  const { status } = useWho();
  // What was away is told, and asked for again by a button; that a result was swept is no failure of the page.
  const task = useQuery({ ...endedTaskQuery(taskId), throwOnError: (error) => !isRefusal(error) }).data;
  const result = task?.result?.kind === 'chat' ? task.result : null;
  if (result === null) return null;
  const replies = result.buttons.flatMap(({ label, message }) => (message == null ? [] : [{ label, message }]));
  // The draft's own card leads to sign up where it is complete.
  const isDraftComplete = draft !== null && draft.missing.length === 0;
  return (
    <div className="grid gap-3">
      {result.ui === 'sign_up' && status === 'guest' && !isDraftComplete && (
        <Card>
          <SignUp sessionId={sessionId} />
        </Card>
      )}
      {result.ui === 'pick_slot' && draft !== null && <PickSlot draft={draft} onSay={onSay} />}
      {result.ui === 'pick_services' && <PickServices categories={data?.categories ?? null} onSay={onSay} />}
      {result.ui === 'upload_portfolio' && <UploadPortfolio onPhotos={onPhotos} />}
      {replies.length > 0 && (
        <ul aria-label="Quick replies" className="flex flex-wrap gap-2">
          {replies.map(({ label, message }) => (
            <li key={label}>
              <Button look="plain" size="small" onClick={() => onSay(message)}>
                {label}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
