import { call, client } from '../api/client';
import type { View } from '../api/client';
import { ApiError, hasCode } from '../api/errors';
import type { LiveEvent } from '../live/events';
import { listenToCourier, readTrouble } from './courier';
import type { Trouble } from './courier';
import { followTask } from './follow';
import { begunBy, isOf, onOutboxChange, post, readOutbox } from './outbox';
import type { Entry } from './outbox';
import { pauseBefore, sleep } from './pause';
import type { Task } from './task-events';
import { activeTasks, beginTranscript, isOutdated, reduce } from './transcript';
import type { Change, LoadedPage, Media, Transcript } from './transcript';

/** How many messages are read at first, and with each step back. */
const PAGE = 30;
const MOST_OF_A_PAGE = 100;

export interface ConversationState {
  transcript: Transcript;
  /** What waits to be sent here. */
  waiting: readonly Entry[];
  /** Why nothing is sent for the moment. */
  trouble: Trouble | null;
  /** Why the messages could not be read. */
  failure: unknown;
}

interface Callbacks {
  /** A new conversation is one of the server's now. */
  onBegun: (sessionId: string) => void;
  onEnded: (task: Task) => void;
  /** A button was of a draft that is another by now. */
  onDraftChanged: () => void;
}

/** What is said beside the words. */
type SaidWith = { text: string; photos?: readonly Media[] } & Entry['more'];

/**
 * A conversation that is looked at: it reads the messages, sends what is said, follows the tasks that answer, and reads the
 * messages again whenever they may be others. What is to be done follows from the {@link Transcript} alone.
 */
export class Conversation {
  /** Tells it from others for as long as it is looked at, also while it has no id yet. */
  readonly key = crypto.randomUUID();
  readonly who: string;
  sessionId: string | null;
  /** Its name in the outbox. */
  private name: string;
  private state: ConversationState;
  private readonly listeners = new Set<() => void>();
  private readonly followed = new Map<string, AbortController>();
  private running: AbortController | null = null;
  private callbacks: Callbacks | null = null;
  private isLoading = false;
  /** The revision at which the API refused to tell the messages: it is not asked again before there may be news. */
  private refusedAt = -1;

  constructor(sessionId: string | null, who: string) {
    this.sessionId = sessionId;
    this.who = who;
    this.name = sessionId ?? begunBy(who) ?? crypto.randomUUID();
    this.state = {
      transcript: beginTranscript(sessionId === null),
      waiting: [],
      trouble: readTrouble(),
      failure: null,
    };
    this.state = { ...this.state, waiting: this.readWaiting() };
  }

  readonly read = (): ConversationState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to read, send and follow; answers how to stop. */
  start(callbacks: Callbacks): () => void {
    const running = new AbortController();
    this.running = running;
    this.callbacks = callbacks;
    const stops = [
      listenToCourier({
        onTaken: this.onTaken,
        onRefused: this.onRefused,
        onTrouble: () => this.become({ trouble: readTrouble() }),
      }),
      onOutboxChange(this.onOutbox),
    ];
    this.onOutbox();
    this.work();
    return () => {
      running.abort();
      this.running = null;
      this.callbacks = null;
      this.followed.clear();
      for (const stop of stops) stop();
    };
  }

  /** Says something: it is kept until the server has it. */
  say({ text, photos = [], ...more }: SaidWith): void {
    post({ who: this.who, conversation: this.name, sessionId: this.sessionId, text, photos, more });
  }

  /** There may be news: somebody came back to the page, or says more from another device. */
  refresh(): void {
    if (this.sessionId !== null) this.apply({ kind: 'outdated' });
  }

  /**
   * The server told of something (null: of what, is not known). It is news here unless it is of another conversation, or of a task
   * that is followed anyway.
   */
  hear(event: LiveEvent | null): void {
    if (event === null) {
      this.refresh();
      return;
    }
    const { type, sessionId, taskId } = event;
    const isMessage = type === 'message:new' && (sessionId === null || sessionId === this.sessionId);
    const isTask = type === 'task:update' && sessionId === this.sessionId;
    const isFollowed = this.state.transcript.answers.some((answer) => answer.taskId === taskId);
    if ((isMessage || isTask) && !isFollowed) this.refresh();
  }

  /** Reads the messages before the first one. */
  async loadEarlier(): Promise<void> {
    const { earlier } = this.state.transcript;
    if (earlier === null || this.sessionId === null) return;
    const page = await readPage(this.sessionId, { cursor: earlier, limit: PAGE });
    // A page that was asked for twice is read in once.
    if (this.state.transcript.earlier === earlier) this.apply({ kind: 'loaded-earlier', page });
  }

  /** Ends a task that somebody waits for. */
  async cancel(taskId: string): Promise<void> {
    const task = await call(client.POST('/chat/cancel/{task_id}', { params: { path: { task_id: taskId } } }));
    this.apply({ kind: 'looked', task });
  }

  /** Tries a task that failed or was cancelled again; `key` is the same for each try of one retry. */
  async retry(taskId: string, key: string): Promise<void> {
    const params = { path: { task_id: taskId }, header: { 'Idempotency-Key': key } };
    try {
      const again = await call(client.POST('/chat/retry/{task_id}', { params }));
      this.apply({ kind: 'retried', taskId: again.task_id });
    } catch (error) {
      // It runs already, or was answered: another device was faster.
      if (hasCode(error, 'illegal_move')) this.refresh();
      throw error;
    }
  }

  private readonly onTaken = (entry: Entry, { task_id: taskId, session_id: sessionId }: View<'ChatView'>): void => {
    if (entry.conversation !== this.name) return;
    if (this.sessionId === null && sessionId != null) {
      this.sessionId = sessionId;
      this.name = sessionId;
      this.callbacks?.onBegun(sessionId);
    }
    const { id, text, photos } = entry;
    this.apply({ kind: 'sent', said: { id, text, photos }, taskId });
  };

  private readonly onRefused = (entry: Entry, error: unknown): void => {
    if (entry.conversation !== this.name || !hasCode(error, 'draft_changed')) return;
    this.apply({ kind: 'draft-changed', draft: error.problem?.draft ?? null });
    this.callbacks?.onDraftChanged();
  };

  private readonly onOutbox = (): void => {
    const waiting = this.readWaiting();
    const { sent, messages } = this.state.transcript;
    const known = [...sent.map(({ id }) => id), ...messages.map((message) => message.client_message_id)];
    const isGone = this.state.waiting.some(
      ({ id }) => !known.includes(id) && !waiting.some((entry) => entry.id === id),
    );
    this.become({ waiting });
    // Another tab has sent it, or taken it back.
    if (isGone) this.refresh();
  };

  private readWaiting(): Entry[] {
    return readOutbox().filter((entry) => entry.conversation === this.name && isOf(entry, this.who));
  }

  private apply(change: Change): void {
    const before = this.state.transcript;
    const transcript = reduce(before, change);
    if (transcript === before) return;
    this.become({ transcript });
    for (const { ended, taskId } of transcript.answers) {
      const wasOpen = before.answers.some((answer) => answer.taskId === taskId && answer.ended === null);
      if (ended !== null && wasOpen) this.callbacks?.onEnded(ended);
    }
    this.work();
  }

  private become(change: Partial<ConversationState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Does what the transcript asks for. */
  private work(): void {
    if (this.running === null) return;
    const active = activeTasks(this.state.transcript);
    for (const [taskId, following] of this.followed) {
      if (active.includes(taskId)) continue;
      following.abort();
      this.followed.delete(taskId);
    }
    for (const taskId of active) {
      if (!this.followed.has(taskId)) this.follow(taskId, this.running.signal);
    }
    const { transcript } = this.state;
    if (isOutdated(transcript) && transcript.revision !== this.refusedAt) void this.load(this.running);
  }

  private follow(taskId: string, running: AbortSignal): void {
    const following = new AbortController();
    const stop = () => following.abort();
    running.addEventListener('abort', stop);
    this.followed.set(taskId, following);
    const heard = this.state.transcript.answers.find((answer) => answer.taskId === taskId)?.heard ?? 0;
    const follower = {
      onEvent: (event: Extract<Change, { kind: 'heard' }>['event']) => this.apply({ kind: 'heard', taskId, event }),
      onTask: (task: Task) => this.apply({ kind: 'looked', task }),
      onGone: () => this.apply({ kind: 'gone', taskId }),
    };
    void followTask(taskId, heard, follower, following.signal).finally(() =>
      running.removeEventListener('abort', stop),
    );
  }

  /** Reads the messages until they show all that is known; one reading at a time. */
  private async load(running: AbortController): Promise<void> {
    if (this.isLoading || this.sessionId === null) return;
    this.isLoading = true;
    let failures = 0;
    try {
      while (isOutdated(this.state.transcript) && this.running === running) {
        const { revision, messages } = this.state.transcript;
        const first = messages[0]?.seq ?? null;
        try {
          const page = await readFrom(this.sessionId, first, running.signal);
          if (this.running !== running) return;
          failures = 0;
          this.become({ failure: null });
          this.apply({ kind: 'loaded', page, from: first ?? page.items[0]?.seq ?? 0, revision });
        } catch (error) {
          if (this.running !== running) return;
          this.become({ failure: error });
          if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
            this.refusedAt = revision;
            return;
          }
          await sleep(pauseBefore(++failures, error), running.signal);
        }
      }
    } finally {
      this.isLoading = false;
      // It was stopped meanwhile, and maybe started again.
      if (this.running !== running) this.work();
    }
  }
}

/** All messages from a number on; without one the newest. */
async function readFrom(sessionId: string, first: number | null, signal: AbortSignal): Promise<LoadedPage> {
  if (first === null) return readPage(sessionId, { limit: PAGE }, signal);
  let page = await readPage(sessionId, { cursor: `after:${first - 1}`, limit: MOST_OF_A_PAGE }, signal);
  while (page.later !== null) {
    const { earlier, items } = page;
    page = await readPage(sessionId, { cursor: page.later, limit: MOST_OF_A_PAGE }, signal);
    page = { ...page, earlier, items: [...items, ...page.items] };
  }
  return page;
}

async function readPage(sessionId: string, query: { cursor?: string; limit: number }, signal?: AbortSignal) {
  const path = { session_id: sessionId };
  const { messages, active_tasks, open_draft, ...session } = await call(
    client.GET('/chat/sessions/{session_id}', { params: { path, query }, ...(signal !== undefined && { signal }) }),
  );
  return {
    session,
    items: messages.items,
    earlier: messages.prev_cursor ?? null,
    later: query.cursor === undefined ? null : (messages.next_cursor ?? null),
    activeTasks: active_tasks,
    openDraft: open_draft ?? null,
  };
}
