import type { Task } from '../task-events';
import type { Draft, Message } from '../transcript';

/** Views of an API that is played. */
export function playedTask(taskId: string, status: Task['status'], text = ''): Task {
  const result: Task['result'] =
    status === 'completed'
      ? {
          kind: 'chat',
          session_id: 's',
          message: text,
          data: {},
          awaiting_approval: false,
          buttons: [],
          usage: { cached: false, completion_tokens: 0, cost_micros: 0, model: 'offline', prompt_tokens: 0 },
        }
      : null;
  return {
    task_id: taskId,
    kind: 'chat',
    status,
    stage: status === 'processing' ? 'running' : 'done',
    session_id: 's',
    attempts: 1,
    created_at: '2031-07-05T12:00:00Z',
    updated_at: '2031-07-05T12:00:00Z',
    effects: [],
    result,
    error: status === 'failed' ? { code: 'model_unavailable', detail: 'Try again in a minute.' } : null,
  };
}

export function playedMessage(seq: number, said: Partial<Message>): Message {
  return {
    id: `m-${seq}`,
    seq,
    role: 'user',
    text: `Message ${seq}`,
    media: [],
    client_message_id: null,
    task_id: null,
    status: null,
    draft: null,
    data: null,
    created_at: '2031-07-05T12:00:00Z',
    ...said,
  };
}

export function playedDraft(more: Partial<Draft> = {}): Draft {
  return {
    id: 'd-1',
    version: 2,
    kind: 'request',
    fields: {
      service_id: 'haircut',
      city: 'Brooklyn',
      window: { from: '2031-07-05T00:00', to: '2031-07-06T23:59' },
      budget: { min_cents: null, max_cents: 6000, currency: 'USD' },
      specializations: ['curly hair'],
    },
    missing: [],
    expires_at: '2099-07-05T12:00:00Z',
    ...more,
  };
}
