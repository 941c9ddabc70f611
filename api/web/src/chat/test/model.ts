import type { TaskEvent, Task } from '../task-events';
import { activeTasks, beginTranscript, isOutdated, reduce } from '../transcript';
import type { Change, LoadedPage, Message, Said, Transcript } from '../transcript';
import { playedMessage, playedTask } from './played';

export type Random = (below: number) => number;

/** Numbers at random that are the same for the same seed (mulberry32). */
export function randomBy(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface ModelTask {
  id: string;
  messageId: string;
  task: Task;
  events: TaskEvent[];
}

/** The API as far as it matters: messages in order, tasks one at a time, events by number. */
export class ModelServer {
  messages: readonly Message[] = [];
  readonly tasks: ModelTask[] = [];
  private lastSeq = 0;

  /** Takes a message; the same one once. */
  say(clientId: string, text: string): string {
    const before = this.messages.find((message) => message.client_message_id === clientId);
    if (before?.task_id != null) return before.task_id;
    const message = playedMessage(++this.lastSeq, { text, client_message_id: clientId });
    this.messages = [...this.messages, message];
    return this.begin(message.id);
  }

  retry(taskId: string): string | null {
    const old = this.tasks.find(({ id }) => id === taskId);
    const isOver = old?.task.status === 'failed' || old?.task.status === 'cancelled';
    const isAnswers = this.messages.some(({ task_id }) => task_id === taskId);
    return old !== undefined && isOver && isAnswers ? this.begin(old.messageId) : null;
  }

  /** Something happens to a task: more of its answer, or its end. */
  work(random: Random): void {
    const first = this.running()[0];
    if (first === undefined) return;
    const deltas = first.events.filter(({ kind }) => kind === 'delta');
    const no = first.events.length + 1;
    switch (random(9)) {
      case 0:
        first.events.push({ no, kind: 'stage', stage: 'running' });
        break;
      case 1:
        first.events.push({ no, kind: 'tool', name: 'get_offers', isDone: random(2) === 0 });
        break;
      case 2:
        if (deltas.length > 0) first.events.push({ no, kind: 'reset', from: deltas[random(deltas.length)]?.no ?? 1 });
        break;
      case 3:
        this.end(first.id, random(4) === 0 ? 'failed' : 'completed');
        break;
      default:
        first.events.push({ no, kind: 'delta', text: `${first.id}:${no} ` });
    }
  }

  end(taskId: string, status: 'completed' | 'failed' | 'cancelled'): void {
    const ended = this.running().find(({ id }) => id === taskId);
    if (ended === undefined) return;
    const text = this.textAfter(taskId, Infinity);
    ended.task = playedTask(taskId, status, text);
    ended.events.push({ no: ended.events.length + 1, kind: 'ended', task: ended.task });
    this.messages = this.messages.map((message) => (message.task_id === taskId ? { ...message, status } : message));
    if (status !== 'completed') return;
    const answer = { role: 'assistant', text, task_id: taskId, status } as const;
    this.messages = [...this.messages, playedMessage(++this.lastSeq, answer)];
  }

  /** The text that stands after an event of a task. */
  textAfter(taskId: string, no: number): string {
    const pieces: { no: number; text: string }[] = [];
    for (const event of this.tasks.find(({ id }) => id === taskId)?.events ?? []) {
      if (event.no > no) break;
      if (event.kind === 'delta') pieces.push(event);
      if (event.kind === 'reset') pieces.splice(0, Infinity, ...pieces.filter((piece) => piece.no < event.from));
    }
    return pieces.map(({ text }) => text).join('');
  }

  running(): ModelTask[] {
    return this.tasks.filter(({ task }) => task.status === 'processing');
  }

  private begin(messageId: string): string {
    const id = `t${this.tasks.length + 1}`;
    this.tasks.push({ id, messageId, task: playedTask(id, 'processing'), events: [] });
    this.messages = this.messages.map((message) =>
      message.id === messageId ? { ...message, task_id: id, status: 'processing' } : message,
    );
    return id;
  }
}

/** A page that was asked for and is on its way. */
interface Reading {
  items: readonly Message[];
  from: number | null;
  revision: number;
}

const PAGE = 4;

/** A client whose network, reloads and second device are played at random; it decides by the transcript alone. */
export class ModelClient {
  transcript: Transcript = beginTranscript(false);
  outbox: Said[] = [];
  /** The ids of all that was said here. */
  readonly said: string[] = [];
  isLoaded = false;
  private reading: Reading | null = null;
  private earlierReading: { items: readonly Message[]; before: string } | null = null;

  constructor(
    private readonly server: ModelServer,
    private readonly random: Random,
  ) {}

  act(): void {
    const { random, server } = this;
    // What stands here more often happens more often.
    const actions = [
      () => this.write(),
      () => server.say(`there-${server.messages.length}-${random(1e9)}`, 'From another device'),
      () => this.send(random(3) === 0),
      () => this.send(random(3) === 0),
      () => server.work(random),
      () => server.work(random),
      () => server.work(random),
      () => this.hear(),
      () => this.look(),
      () => this.read(),
      () => this.read(),
      () => this.reload(),
      () => this.apply({ kind: 'outdated' }),
      () => this.readEarlier(),
      () => this.cancel(),
      () => this.retry(),
    ];
    actions[random(actions.length)]?.();
  }

  /** Everything ends, everything arrives, and it is looked for news once. */
  comeToRest(): void {
    while (this.outbox.length > 0) this.send(false);
    for (let task = this.server.running()[0]; task !== undefined; task = this.server.running()[0]) {
      this.server.end(task.id, 'completed');
    }
    this.reading = null;
    this.earlierReading = null;
    this.apply({ kind: 'outdated' });
    for (let rounds = 0; isOutdated(this.transcript) || activeTasks(this.transcript).length > 0; rounds++) {
      if (rounds > 100) throw new Error('It does not come to rest.');
      for (const taskId of activeTasks(this.transcript)) this.hearAll(taskId);
      this.read();
    }
  }

  readAllEarlier(): void {
    while (this.transcript.earlier !== null) this.readEarlier();
  }

  private apply(change: Change): void {
    this.transcript = reduce(this.transcript, change);
  }

  private write(): void {
    const id = `here-${this.said.length}`;
    this.said.push(id);
    this.outbox.push({ id, text: id, photos: [] });
  }

  /** The first that waits is sent; the server may take it without the answer arriving. */
  private send(isLost: boolean): void {
    const [first] = this.outbox;
    if (first === undefined) return;
    const taskId = this.server.say(first.id, first.text);
    if (isLost) return;
    this.apply({ kind: 'sent', said: first, taskId });
    this.outbox.shift();
  }

  /** A stream tells some of what it has, from what was heard or from before, and is cut. */
  private hear(): void {
    const taskId = activeTasks(this.transcript)[0];
    const answer = this.transcript.answers.find((one) => one.taskId === taskId);
    const task = this.server.tasks.find(({ id }) => id === taskId);
    if (answer === undefined || task === undefined) return;
    const from = Math.max(0, answer.heard - this.random(3));
    for (const event of task.events.slice(from, from + 1 + this.random(6))) {
      this.apply({ kind: 'heard', taskId: task.id, event });
    }
  }

  private hearAll(taskId: string): void {
    const task = this.server.tasks.find(({ id }) => id === taskId);
    for (const event of task?.events ?? []) this.apply({ kind: 'heard', taskId, event });
  }

  private look(): void {
    const active = activeTasks(this.transcript);
    const taskId = active[this.random(Math.max(1, active.length))];
    const task = this.server.tasks.find(({ id }) => id === taskId);
    if (task !== undefined) this.apply({ kind: 'looked', task: task.task });
  }

  /** Asks for the messages if they may be others; or what was asked for arrives, or is lost. */
  private read(): void {
    if (this.reading === null) {
      if (!isOutdated(this.transcript)) return;
      const from = this.transcript.messages[0]?.seq ?? null;
      const items =
        from === null ? this.server.messages.slice(-PAGE) : this.server.messages.filter((m) => m.seq >= from);
      this.reading = { items, from, revision: this.transcript.revision };
      return;
    }
    const { items, from, revision } = this.reading;
    this.reading = null;
    if (this.random(5) === 0) return;
    this.isLoaded = true;
    this.apply({ kind: 'loaded', page: this.page(items), from: from ?? items[0]?.seq ?? 0, revision });
  }

  private readEarlier(): void {
    const { earlier, messages } = this.transcript;
    if (this.earlierReading === null) {
      if (earlier === null) return;
      const first = messages[0]?.seq ?? 0;
      this.earlierReading = {
        items: this.server.messages.filter(({ seq }) => seq < first).slice(-PAGE),
        before: earlier,
      };
      return;
    }
    const { items, before } = this.earlierReading;
    this.earlierReading = null;
    if (before === earlier) this.apply({ kind: 'loaded-earlier', page: this.page(items) });
  }

  /** The tasks are read after the messages: what ends in between is in neither. */
  private page(items: readonly Message[]): LoadedPage {
    const first = items[0]?.seq ?? 1;
    return {
      session: { id: 's', role: 'consumer', title: null, created_at: '', updated_at: '' },
      items,
      earlier: first > 1 ? `before:${first}` : null,
      activeTasks: this.server.running().map(({ id }) => id),
      openDraft: null,
    };
  }

  private reload(): void {
    if (this.random(4) > 0) return;
    this.transcript = beginTranscript(false);
    this.isLoaded = false;
    this.reading = null;
    this.earlierReading = null;
  }

  private cancel(): void {
    const taskId = activeTasks(this.transcript)[0];
    if (taskId === undefined || this.random(3) > 0) return;
    this.server.end(taskId, 'cancelled');
    this.look();
  }

  private retry(): void {
    const failed = this.transcript.messages.find(({ status }) => status === 'failed' || status === 'cancelled');
    const taskId = failed?.task_id == null ? null : this.server.retry(failed.task_id);
    if (taskId !== null) this.apply({ kind: 'retried', taskId });
  }
}
