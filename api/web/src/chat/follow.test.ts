import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { json, problem } from '../test/answers';
import { followTask } from './follow';
import type { Task, TaskEvent } from './task-events';
import { playedTask } from './test/played';

/** What the API is asked, and how it answers, one after the other. */
let asked: { path: string; after: string | null }[] = [];
let answers: (() => Response | Promise<Response>)[] = [];
let heard: (TaskEvent | Task)[] = [];
let isGone = false;
/** How the task is found while it is looked how many wait before it. */
let found = playedTask('t', 'processing');
let looks = 0;

function sse(...events: [number, string, object][]): () => Response {
  const text = events
    .map(([no, name, data]) => `id: ${no}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
    .join('');
  return () => new Response(text, { headers: { 'Content-Type': 'text/event-stream' } });
}

async function follow(...played: typeof answers): Promise<void> {
  answers = played;
  const follower = {
    onEvent: (event: TaskEvent) => void heard.push(event),
    onTask: (task: Task) => void heard.push(task),
    onGone: () => {
      isGone = true;
    },
  };
  await pass(followTask('t', 0, follower, new AbortController().signal));
}

/** Lets time pass until something is over; what takes no time comes before. */
async function pass(following: Promise<void>): Promise<void> {
  const ended = following.then(() => true);
  for (let rest = 0; rest < 10_000; rest++) {
    if (await Promise.race([ended, turns()])) return;
    await vi.advanceTimersByTimeAsync(100);
  }
  throw new Error('It does not end.');
}

async function turns(): Promise<boolean> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  return false;
}

const paths = () => asked.map(({ path, after }) => (after === null ? path : `${path} after ${after}`));
const end = playedTask('t', 'completed', 'All of it');
const running = () => json(playedTask('t', 'processing'));

beforeEach(() => {
  asked = [];
  heard = [];
  isGone = false;
  found = playedTask('t', 'processing');
  looks = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    if (search === '?wait=0') {
      looks += 1;
      return json(found);
    }
    asked.push({ path: pathname.replace('/chat/', '') + search, after: request.headers.get('last-event-id') });
    const next = answers.shift();
    if (next === undefined) throw new Error(`Nothing is played for ${pathname}.`);
    return next();
  });
});
afterEach(() => vi.useRealTimers());

it('hears a stream to its end', async () => {
  await follow(sse([1, 'stage', { stage: 'running' }], [2, 'delta', { text: 'All' }], [3, 'completed', end]));
  expect(heard).toMatchObject([{ kind: 'stage' }, { kind: 'delta', text: 'All' }, { kind: 'ended', task: end }]);
  expect(paths()).toEqual(['stream/t']);
});

it('goes on where a stream was cut, without asking for anything else', async () => {
  await follow(
    sse([1, 'delta', { text: 'All ' }]),
    sse([2, 'delta', { text: 'of ' }], [3, 'delta', { text: 'it' }]),
    sse([4, 'completed', end]),
  );
  expect(paths()).toEqual(['stream/t', 'stream/t after 1', 'stream/t after 3']);
  expect(heard.map((event) => 'no' in event && event.no)).toEqual([1, 2, 3, 4]);
});

it('asks for the status where there is no stream, and comes back to it', async () => {
  const page = () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } });
  await follow(page, running, running, running, running, sse([1, 'completed', end]));
  expect(paths()).toEqual(['stream/t', ...Array<string>(4).fill('status/t?wait=25'), 'stream/t']);
  expect(heard.at(-1)).toMatchObject({ kind: 'ended' });
});

it('does not take what knows no streams for a task that is no more', async () => {
  await follow(
    () => problem(404, 'not_found', 'There is no such page.'),
    () => json(end),
  );
  expect(isGone).toBe(false);
  expect(heard).toEqual([end]);
});

it('ends by the status if that tells the end', async () => {
  const broken = () => Promise.reject(new TypeError('cut'));
  await follow(broken, () => json(end));
  expect(paths()).toEqual(['stream/t', 'status/t?wait=25']);
  expect(heard).toEqual([end]);
});

it('waits longer and longer while nothing is there, and as long as the API says', async () => {
  const away = () => Promise.reject(new TypeError('offline'));
  const began = Date.now();
  const limited = () => problem(429, 'rate_limited', 'Later.');
  // A stream and its status; a stream and, as that was the second, twice its status; a stream.
  await follow(away, limited, away, limited, away, sse([1, 'completed', end]));
  expect(heard.at(-1)).toMatchObject({ kind: 'ended' });
  // `Retry-After: 7`, twice.
  expect(Date.now() - began).toBeGreaterThanOrEqual(14_000);
});

it('takes a stream that says nothing for dead', async () => {
  const began = Date.now();
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push({ path: new URL(request.url).pathname, after: null });
    return Promise.resolve(request.url.includes('/stream/') ? silentUntilAborted(request.signal) : json(end));
  });
  await follow();
  expect(heard).toEqual([end]);
  expect(asked[0]?.path).toBe('/chat/stream/t');
  expect(Date.now() - began).toBeGreaterThanOrEqual(25_000);
});

/** As a browser does with the body of a request that is aborted. */
function silentUntilAborted(signal: AbortSignal): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) =>
      signal.addEventListener('abort', () => controller.error(new DOMException('Aborted', 'AbortError'))),
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

it('gives up what is no more', async () => {
  const refused = () => problem(403, 'not_yours', 'This is not yours.');
  await follow(refused, refused);
  expect(isGone).toBe(true);
  expect(paths()).toEqual(['stream/t', 'status/t?wait=25']);
});

it('asks how many wait before it while nothing else is told, and then no more', async () => {
  found = { ...playedTask('t', 'processing'), stage: 'queued', queue_position: 2 };
  await follow(async () => {
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    return sse([1, 'stage', { stage: 'running' }], [2, 'completed', end])();
  });
  expect(heard).toMatchObject([{ queue_position: 2 }, { queue_position: 2 }, { kind: 'stage' }, { kind: 'ended' }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(2);
});
