import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { toastFailure } from '../ui/toast';
import type { Conversation } from './conversation';
import { endedTaskQuery } from './task-query';

interface UnansweredProps {
  conversation: Conversation;
  taskId: string;
  status: 'failed' | 'cancelled';
}

/** Below what was not answered: why, and another try. */
export function Unanswered({ conversation, taskId, status }: UnansweredProps) {
  const { data } = useQuery({ ...endedTaskQuery(taskId), enabled: status === 'failed' });
  const [isBusy, setBusy] = useState(false);
  // The same for each try of one retry: that is of one task.
  const key = useRef({ taskId: '', key: '' });

  async function again() {
    if (key.current.taskId !== taskId) key.current = { taskId, key: crypto.randomUUID() };
    setBusy(true);
    await conversation.retry(taskId, key.current.key).catch(toastFailure);
    setBusy(false);
  }
  const why =
    status === 'cancelled' ? 'You stopped the answer.' : (data?.error?.detail ?? 'This could not be answered.');
  return (
    <Notice tone={status === 'failed' ? 'warn' : 'info'}>
      <p>{why}</p>
      <Button look="plain" size="small" icon="refresh" className="mt-1.5" busy={isBusy} onClick={() => void again()}>
        Send again
      </Button>
    </Notice>
  );
}
