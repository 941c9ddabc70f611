import type { View } from '../api/client';
import { beginAnswer, hear, look } from './answer';
import type { Answer } from './answer';
import type { Task, TaskEvent } from './task-events';

export type Message = View<'MessageView'>;
export type Draft = View<'DraftView'>;
export type Media = View<'MediaView'>;
type Session = View<'SessionView'>;

/** Something that is said here and does not stand among the server's messages yet. */
export interface Said {
  /** Its `client_message_id`. */
  id: string;
  text: string;
  photos: readonly Media[];
}

/** Something said that the server has taken. */
export interface Sent extends Said {
  taskId: string;
  /** The revision that it made: messages asked for from then on hold it. */
  revision: number;
}

/** An answer that is followed; once it has ended, with the revision that made. */
type Followed = Answer & { endedAt: number | null };

/**
 * What is known of a conversation: the server's messages from some number on, and what they do not tell yet. Whatever
 * they do not tell makes a new revision, and they are asked for until they show the last one. So in the end what is shown is
 * what the server has, whatever was heard meanwhile, and in which order.
 */
export interface Transcript {
  session: Session | null;
  messages: readonly Message[];
  /** Where the messages before these are; null if there are none. */
  earlier: string | null;
  openDraft: Draft | null;
  sent: readonly Sent[];
  answers: readonly Followed[];
  revision: number;
  /** Which revision the messages show. */
  shown: number;
}

export type Change =
  /** There may be news. */
  | { kind: 'outdated' }
  /** All messages from `from` on, as they were asked for at `revision`. */
  | { kind: 'loaded'; page: LoadedPage; from: number; revision: number }
  /** The messages before the first one. */
  | { kind: 'loaded-earlier'; page: LoadedPage }
  | { kind: 'sent'; said: Said; taskId: string }
  /** A task that was tried again. */
  | { kind: 'retried'; taskId: string }
  | { kind: 'heard'; taskId: string; event: TaskEvent }
  | { kind: 'looked'; task: Task }
  /** The task is no more, or is somebody else's. */
  | { kind: 'gone'; taskId: string }
  /** The draft is another than was thought. */
  | { kind: 'draft-changed'; draft: Draft | null };

/** What of `GET /chat/sessions/{session_id}` counts here. */
export interface LoadedPage {
  session: Session;
  items: readonly Message[];
  earlier: string | null;
  activeTasks: readonly string[];
  openDraft: Draft | null;
}

/** A conversation of which nothing is known; a new one has nothing to be asked for. */
export function beginTranscript(isNew: boolean): Transcript {
  return {
    session: null,
    messages: [],
    earlier: null,
    openDraft: null,
    sent: [],
    answers: [],
    revision: isNew ? 0 : 1,
    shown: 0,
  };
}

export function reduce(before: Transcript, change: Change): Transcript {
  switch (change.kind) {
    case 'outdated':
      return revised(before);
    case 'loaded':
      return loaded(before, change.page, change.from, change.revision);
    case 'loaded-earlier':
      return withEarlier(before, change.page);
    case 'sent': {
      const after = following(revised(before), [change.taskId]);
      const sent = { ...change.said, taskId: change.taskId, revision: after.revision };
      return { ...after, sent: [...without(before.sent, [change.said.id]), sent] };
    }
    case 'retried':
      return following(revised(before), [change.taskId]);
    case 'heard':
      return answered(before, change.taskId, (answer) => hear(answer, change.event));
    case 'looked':
      return answered(before, change.task.task_id, (answer) => look(answer, change.task));
    case 'gone':
      return revised({ ...before, answers: before.answers.filter(({ taskId }) => taskId !== change.taskId) });
    case 'draft-changed':
      return revised({ ...before, openDraft: change.draft });
  }
}

/** Whether the messages are to be asked for. */
export function isOutdated({ shown, revision }: Transcript): boolean {
  return shown < revision;
}

/** The tasks that are to be followed, in order. */
export function activeTasks({ answers }: Transcript): string[] {
  return answers.filter(({ ended }) => ended === null).map(({ taskId }) => taskId);
}

/** What there is to see, in order. */
export interface Shown {
  messages: readonly Message[];
  /** What was said and is not among the messages yet: taken by the server, or waiting. */
  sent: readonly Sent[];
  waiting: readonly Said[];
  answers: readonly Answer[];
}

/** What is seen of a conversation with what waits to be sent in it. Nothing is there twice. */
export function shownOf<Waiting extends Said>(
  { messages, sent, answers }: Transcript,
  waiting: readonly Waiting[],
): Shown & { waiting: readonly Waiting[] } {
  const said = messages.map((message) => message.client_message_id ?? '');
  const answeredTasks = messages.filter(({ role }) => role === 'assistant').map(({ task_id }) => task_id);
  const shownSent = without(sent, said);
  return {
    messages,
    sent: shownSent,
    waiting: without(waiting, [...said, ...sent.map(({ id }) => id)]),
    answers: answers.filter(({ taskId }) => !answeredTasks.includes(taskId)),
  };
}

function revised(before: Transcript): Transcript {
  return { ...before, revision: before.revision + 1 };
}

function loaded(before: Transcript, page: LoadedPage, from: number, revision: number): Transcript {
  const kept = before.messages.filter(({ seq }) => seq < from);
  const said = page.items.map((message) => message.client_message_id ?? '');
  const running = page.items.flatMap(({ status, task_id }) =>
    status === 'processing' && task_id != null ? [task_id] : [],
  );
  const after: Transcript = {
    ...before,
    session: page.session,
    messages: [...kept, ...page.items],
    earlier: kept.length > 0 ? before.earlier : page.earlier,
    openDraft: page.openDraft,
    // What was taken before these were asked for is among them.
    sent: without(before.sent, said).filter((sent) => sent.revision > revision),
    answers: before.answers.filter(({ endedAt }) => endedAt === null || endedAt > revision),
    shown: Math.max(before.shown, revision),
  };
  // A task whose end was heard after these were asked for runs in them still; it is among the answers, so not followed anew.
  return following(after, [...page.activeTasks, ...running]);
}

function withEarlier(before: Transcript, page: LoadedPage): Transcript {
  const first = before.messages[0]?.seq ?? Infinity;
  return {
    ...before,
    messages: [...page.items.filter(({ seq }) => seq < first), ...before.messages],
    earlier: page.earlier,
  };
}

function following(before: Transcript, taskIds: readonly string[]): Transcript {
  const known = before.answers.map(({ taskId }) => taskId);
  const fresh = [...new Set(taskIds)].filter((taskId) => !known.includes(taskId));
  const answers = fresh.map((taskId) => ({ ...beginAnswer(taskId), endedAt: null }));
  return fresh.length === 0 ? before : { ...before, answers: [...before.answers, ...answers] };
}

/** An answer as it is now; its end makes a revision. */
function answered(before: Transcript, taskId: string, change: (answer: Answer) => Answer): Transcript {
  const followed = before.answers.find((answer) => answer.taskId === taskId);
  if (followed === undefined) return before;
  const answer = change(followed);
  if (answer === followed) return before;
  const endsNow = answer.ended !== null && followed.ended === null;
  const after = endsNow ? revised(before) : before;
  const now = { ...answer, endedAt: endsNow ? after.revision : followed.endedAt };
  return { ...after, answers: before.answers.map((one) => (one.taskId === taskId ? now : one)) };
}

function without<Item extends { id: string }>(items: readonly Item[], ids: readonly string[]): readonly Item[] {
  return items.filter(({ id }) => !ids.includes(id));
}
