import { ApiError } from '../api/errors';
import { storage } from '../storage';
import { readKept } from './kept';

const PAUSE_MS = 800;
const RETRY_MS = 5_000;

export interface AutosaveState<Fields extends object> {
  /** What is entered and not saved yet, by field. */
  unsaved: Partial<Fields>;
  status: 'saved' | 'waiting' | 'saving' | 'failed';
  /** Why the last try failed. */
  failure: unknown;
}

/**
 * Saves fields a moment after they change. Until they are saved they are kept in this browser, so that neither a
 * failure nor a reload loses any. What the API refuses keeps nothing else from being saved; what it could not take is
 * sent again.
 */
export class Autosave<Fields extends object> {
  private state: AutosaveState<Fields>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<boolean> | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly key: string,
    private readonly send: (changes: Partial<Fields>) => Promise<void>,
  ) {
    const unsaved = readKept<Partial<Fields>>(key, {});
    this.state = { unsaved, status: isEmpty(unsaved) ? 'saved' : 'waiting', failure: null };
  }

  readonly read = (): AutosaveState<Fields> => this.state;

  /** Saves what an earlier visit left, and goes on until the answer is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (!isEmpty(this.state.unsaved)) this.plan(PAUSE_MS);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) void this.flush();
    };
  };

  change(changes: Partial<Fields>): void {
    this.keep({ ...this.state.unsaved, ...changes });
    if (this.running === null) this.move({ status: 'waiting' });
    this.plan(PAUSE_MS);
  }

  /** Saves at once; answers whether everything is saved. */
  flush(): Promise<boolean> {
    clearTimeout(this.timer);
    this.running ??= this.saveAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Forgets what is not saved. */
  discard(): void {
    clearTimeout(this.timer);
    this.keep({});
    this.move({ status: 'saved', failure: null });
  }

  private async saveAll(): Promise<boolean> {
    // What changes while something is sent follows it.
    while (!isEmpty(this.state.unsaved)) {
      this.move({ status: 'saving' });
      const failure = await this.save(this.state.unsaved);
      if (failure !== null) {
        this.move({ status: 'failed', failure });
        if (!isRefusal(failure) && this.listeners.size > 0) this.plan(RETRY_MS);
        return false;
      }
    }
    this.move({ status: 'saved', failure: null });
    return true;
  }

  /** Sends some changes, and without the fields that are refused the others. Answers what went wrong. */
  private async save(changes: Partial<Fields>): Promise<unknown> {
    try {
      await this.send(changes);
      this.forget(changes);
      return null;
    } catch (error) {
      const wrong = refusedFields(error);
      const others = only(changes, (name) => !wrong.has(name));
      const isFewer = Object.keys(others).length < Object.keys(changes).length;
      if (isFewer && !isEmpty(others)) {
        const failure = await this.save(others);
        if (failure !== null) return failure;
      }
      return error;
    }
  }

  /** What was sent is saved, unless it has changed since. */
  private forget(sent: Partial<Fields>): void {
    this.keep(only(this.state.unsaved, (name, value) => !(name in sent) || Reflect.get(sent, name) !== value));
  }

  private keep(unsaved: Partial<Fields>): void {
    if (isEmpty(unsaved)) storage.remove(this.key);
    else storage.write(this.key, JSON.stringify(unsaved));
    this.move({ unsaved });
  }

  private plan(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private move(to: Partial<AutosaveState<Fields>>): void {
    this.state = { ...this.state, ...to };
    for (const listener of this.listeners) listener();
  }
}

function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0;
}

/** The fields for which something holds. */
function only<Fields extends object>(
  fields: Partial<Fields>,
  keep: (name: string, value: unknown) => boolean,
): Partial<Fields> {
  const kept = { ...fields };
  for (const [name, value] of Object.entries(fields)) if (!keep(name, value)) Reflect.deleteProperty(kept, name);
  return kept;
}

/** The names of the fields that the API says are wrong: of `/body/services/0/places`, `services`. */
function refusedFields(error: unknown): ReadonlySet<string> {
  const errors = error instanceof ApiError && error.status === 422 ? error.errors : [];
  return new Set(errors.flatMap(({ pointer }) => /^\/body\/([^/]+)/.exec(pointer)?.[1] ?? []));
}

/** Whether it makes no sense to send the same again by itself. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500 && error.status !== 429;
}
