import { hasEnded } from './task-events';
import type { Task, TaskEvent } from './task-events';

/** An answer that is on its way, as far as it was heard. */
export interface Answer {
  taskId: string;
  /** The number of the last event that was heard: from there a stream goes on. */
  heard: number;
  /** The text that stands, by the numbers of its events. */
  pieces: readonly { no: number; text: string }[];
  stage: Task['stage'];
  /** How many wait before it, while it waits. */
  queuePosition: number | null;
  /** The tool that acts now. */
  tool: string | null;
  /** How it ended. */
  ended: Task | null;
}

export function beginAnswer(taskId: string): Answer {
  return { taskId, heard: 0, pieces: [], stage: 'queued', queuePosition: null, tool: null, ended: null };
}

/** After an event of the stream. What was heard before is not heard twice. */
export function hear(answer: Answer, event: TaskEvent): Answer {
  if (event.no <= answer.heard || answer.ended !== null) return answer;
  const heard = { ...answer, heard: event.no };
  switch (event.kind) {
    case 'stage':
      return { ...heard, stage: event.stage, queuePosition: null, tool: null };
    case 'delta':
      return { ...heard, pieces: [...answer.pieces, { no: event.no, text: event.text }] };
    case 'reset':
      return { ...heard, pieces: answer.pieces.filter(({ no }) => no < event.from) };
    case 'tool':
      return { ...heard, tool: event.isDone ? null : event.name };
    case 'ended':
      return { ...heard, ended: event.task };
  }
}

/** After the status of its task was asked for. */
export function look(answer: Answer, task: Task): Answer {
  if (answer.ended !== null) return answer;
  if (hasEnded(task)) return { ...answer, ended: task };
  return { ...answer, stage: task.stage, queuePosition: task.queue_position ?? null };
}

/** The text so far; once it has ended well, the text. */
export function textOf({ pieces, ended }: Answer): string {
  if (ended?.status === 'failed') return '';
  if (ended?.status === 'completed') return ended.result?.kind === 'chat' ? ended.result.message : '';
  return pieces.map(({ text }) => text).join('');
}
