import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keys } from '../api/keys';
import { isToldOfNews, pollEvery } from '../api/polling';
import type { openChannel } from './channel';
import type { LiveEvent } from './events';
import { onNews, startLive } from './live';

type Listener = Parameters<typeof openChannel>[1];

let channel: Listener | null = null;
const close = vi.fn();
vi.mock('./channel', () => ({
  openChannel: (_: string, listener: Listener) => {
    channel = listener;
    return close;
  },
}));

const event = (type: string): LiveEvent => ({ seq: 1, type, sessionId: null, taskId: null });

let stops: (() => void)[] = [];

/** A page that shows leads and the catalog, and what of it is asked for. */
async function openPage() {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const asked: string[] = [];
  for (const [name, queryKey] of [
    ['leads', keys.leads.list()],
    ['catalog', keys.catalog],
  ] as const) {
    const queryFn = () => {
      asked.push(name);
      return name;
    };
    const observer = new QueryObserver(queries, { queryKey, queryFn, refetchInterval: pollEvery(60_000) });
    stops.push(observer.subscribe(() => undefined));
  }
  const stop = startLive('https://live.example', queries);
  stops.push(stop);
  await vi.waitFor(() => expect(channel).not.toBeNull());
  asked.length = 0;
  if (channel === null) throw new Error('Nothing was opened.');
  return { asked, channel, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  channel = null;
  close.mockClear();
});

afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  vi.useRealTimers();
});

it('has asked for again what an event concerns, once for many', async () => {
  const { asked, channel } = await openPage();
  channel.onBegun('nothing');

  channel.onEvent(event('lead:new'));
  channel.onEvent(event('request:updated'));
  await vi.advanceTimersByTimeAsync(1_000);

  expect(asked).toEqual(['leads']);
});

it('asks for nothing now and then while the server tells of news', async () => {
  const { asked, channel } = await openPage();
  channel.onBegun('some');
  await vi.advanceTimersByTimeAsync(1_000);
  // What was read before is read once more, as something may have happened in between.
  expect(asked).toEqual(['leads']);

  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked.filter((name) => name === 'leads')).toHaveLength(1);
  expect(isToldOfNews()).toBe(true);
});

it('asks now and then again when the connection does not come back soon', async () => {
  const { asked, channel } = await openPage();
  channel.onBegun('some');
  channel.onCut();
  channel.onBegun('nothing');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(isToldOfNews()).toBe(true);

  channel.onCut();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(isToldOfNews()).toBe(false);
  asked.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toContain('leads');
});

it('has everything asked for again when what was missed is too old', async () => {
  const { asked, channel } = await openPage();
  channel.onBegun('all');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toContain('catalog');
});

it('tells who listens, until it ends', async () => {
  const { channel, stop } = await openPage();
  const heard: (string | null)[] = [];
  const forget = onNews((news) => heard.push(news?.type ?? null));

  channel.onBegun('some');
  channel.onEvent(event('message:new'));
  forget();
  channel.onEvent(event('message:new'));

  expect(heard).toEqual([null, 'message:new']);
  stop();
  expect(close).toHaveBeenCalledOnce();
  expect(isToldOfNews()).toBe(false);
});
