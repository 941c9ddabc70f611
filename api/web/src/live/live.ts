import { hashKey } from '@tanstack/react-query';
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { setTold } from '../api/polling';
import { keysOf, toldOf } from './events';
import type { LiveEvent } from './events';

/** Much that happens at once is asked for once. */
const GATHER_MS = 200;
/** A connection that is back so soon has told what happened meanwhile; nobody has to ask, least of all everybody at once. */
const PATIENCE_MS = 5_000;

/** Hears what happens; null: it is not known what. */
type Listener = (event: LiveEvent | null) => void;

const listeners = new Set<Listener>();

/** Hears what happens, for as long as the server tells of it. What shows queries need not: they are asked for again. */
export function onNews(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Has the server tell of news, and what is shown follow them; answers how to stop. The code for it is loaded now. */
export function startLive(url: string, queries: QueryClient): () => void {
  const stale = new Stale(queries);
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let close = (): void => undefined;

  const missedSome = () => {
    stale.add(toldOf);
    for (const listener of listeners) listener(null);
  };
  const giveUp = () => {
    setTold(false);
    missedSome();
  };
  const open = async () => {
    const { openChannel } = await import('./channel');
    if (isOver) return;
    close = openChannel(url, {
      onBegun: (missed) => {
        clearTimeout(patience);
        setTold(true);
        if (missed === 'all') void queries.invalidateQueries();
        if (missed !== 'nothing') missedSome();
      },
      onEvent: (event) => {
        stale.add(keysOf(event));
        for (const listener of listeners) listener(event);
      },
      onCut: () => {
        clearTimeout(patience);
        patience = setTimeout(giveUp, PATIENCE_MS * (1 + Math.random()));
      },
    });
  };
  // Without it, news are asked for now and then.
  open().catch(() => undefined);

  return () => {
    isOver = true;
    clearTimeout(patience);
    stale.stop();
    close();
    setTold(false);
  };
}

/** Queries that are to be asked for again, in a moment. */
class Stale {
  private readonly queries: QueryClient;
  private readonly gathered = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  add(keys: readonly QueryKey[]): void {
    for (const key of keys) this.gathered.set(hashKey(key), key);
    this.timer ??= setTimeout(() => this.ask(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private ask(): void {
    this.timer = undefined;
    const keys = [...this.gathered.values()];
    this.gathered.clear();
    for (const queryKey of keys) void this.queries.invalidateQueries({ queryKey });
  }
}
