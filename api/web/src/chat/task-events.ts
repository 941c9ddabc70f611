import type { View } from '../api/client';
import type { ServerEvent } from './stream';

export type Task = View<'TaskView'>;

/** What is told of a task, by its number. */
export type TaskEvent = { no: number } & (
  | { kind: 'stage'; stage: Task['stage'] }
  | { kind: 'delta'; text: string }
  /** Deltas from this number on are void. */
  | { kind: 'reset'; from: number }
  | { kind: 'tool'; name: string; isDone: boolean }
  | { kind: 'ended'; task: Task }
);

/** Reads an event of `GET /chat/stream/{task_id}`; null if it is none that is known. */
export function readTaskEvent({ id, name, data }: ServerEvent): TaskEvent | null {
  const no = Number(id);
  const told = parse(data);
  if (!Number.isSafeInteger(no) || no < 1 || told === null) return null;
  switch (name) {
    case 'stage':
      return isStage(told['stage']) ? { no, kind: 'stage', stage: told['stage'] } : null;
    case 'delta':
      return typeof told['text'] === 'string' ? { no, kind: 'delta', text: told['text'] } : null;
    case 'reset':
      return typeof told['from'] === 'number' ? { no, kind: 'reset', from: told['from'] } : null;
    case 'tool':
      return typeof told['name'] === 'string'
        ? { no, kind: 'tool', name: told['name'], isDone: told['state'] === 'finished' }
        : null;
    case 'completed':
    case 'failed':
    case 'cancelled':
      return isTask(told) ? { no, kind: 'ended', task: told } : null;
    default:
      return null;
  }
}

/** Whether a task has come to its end, which never changes. */
export function hasEnded(task: Task): boolean {
  return task.status !== 'processing';
}

function parse(data: string): Record<string, unknown> | null {
  try {
    const told: unknown = JSON.parse(data);
    // What an object holds is looked at one by one.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
    return typeof told === 'object' && told !== null ? (told as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isStage(told: unknown): told is Task['stage'] {
  return told === 'queued' || told === 'running' || told === 'retrying' || told === 'done';
}

/** The end of a stream is the task as its status tells it: by the fields that only a task has. */
function isTask(told: object): told is Task {
  return 'task_id' in told && 'status' in told && 'effects' in told;
}
