import { call, client } from '../api/client';
import { ApiError, hasCode } from '../api/errors';
import { pauseBefore, sleep } from './pause';
import { NoStreamError, streamTask } from './stream';
import { hasEnded } from './task-events';
import type { Task, TaskEvent } from './task-events';

/** How long the API keeps a question after the end of a task, in seconds. */
const LONG_POLL_S = 25;
/** How often it is asked how many wait before a task that waits. */
const QUEUE_MS = 3_000;
/** An answer to a long poll that came sooner was not waited for. */
const SOON_MS = 1_000;
/** After how many long polls at most another stream is tried. */
const MOST_POLLS = 4;

interface Follower {
  onEvent: (event: TaskEvent) => void;
  onTask: (task: Task) => void;
  /** The task is no more, or is somebody else's: its conversation was deleted. */
  onGone: () => void;
}

/**
 * Follows a task to its end: by its stream, which goes on where it was cut; where there is none, by asking for its status, and
 * from time to time for a stream again. Ends with the task, or when it is aborted.
 */
export async function followTask(
  taskId: string,
  after: number,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> {
  const queue = watchQueue(taskId, follower, signal);
  try {
    let heard = after;
    let failures = 0;
    for (let isOver = false; !isOver;) {
      const before = heard;
      const stream = await followStream(taskId, heard, signal, (event) => {
        heard = event.no;
        if (event.kind !== 'stage' || event.stage !== 'queued') queue.stop();
        follower.onEvent(event);
      });
      // One that was cut after it told something is worth going on with at once.
      failures = stream === 'none' ? MOST_POLLS : heard > before ? 0 : failures + 1;
      isOver = stream === 'ended' || (await poll(taskId, Math.min(failures, MOST_POLLS), follower, signal));
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!hasCode(error, 'not_yours')) throw error;
    follower.onGone();
  } finally {
    queue.stop();
  }
}

/** How a stream went: to the end of the task, cut before it, or not at all. */
type Streamed = 'ended' | 'cut' | 'none';

async function followStream(
  taskId: string,
  heard: number,
  signal: AbortSignal,
  onEvent: (event: TaskEvent) => void,
): Promise<Streamed> {
  try {
    for await (const event of streamTask(taskId, heard, signal)) {
      onEvent(event);
      if (event.kind === 'ended') return 'ended';
    }
    return 'cut';
  } catch (error) {
    if (signal.aborted) throw error;
    // Refused by something on the way that knows no streams, or by the API: its status will tell.
    const isRefused = error instanceof ApiError && error.status < 500 && error.status !== 429;
    return isRefused || error instanceof NoStreamError ? 'none' : 'cut';
  }
}

/** Asks for the status so many times, each as long as the API waits; whether the task has ended. */
async function poll(taskId: string, times: number, { onTask }: Follower, signal: AbortSignal): Promise<boolean> {
  for (let polls = 0, failures = 0; polls < times; polls++) {
    const asked = Date.now();
    try {
      const task = await askStatus(taskId, LONG_POLL_S, signal);
      failures = 0;
      onTask(task);
      if (hasEnded(task)) return true;
      // An API that is about to stop does not keep anybody.
      if (Date.now() - asked < SOON_MS) await sleep(pauseBefore(1, null), signal);
    } catch (error) {
      if (signal.aborted || hasCode(error, 'not_yours')) throw error;
      await sleep(pauseBefore(++failures, error), signal);
    }
  }
  return false;
}

function askStatus(taskId: string, wait: number, signal: AbortSignal): Promise<Task> {
  const params = { path: { task_id: taskId }, query: { wait } };
  return call(client.GET('/chat/status/{task_id}', { params, signal }));
}

/** Asks how many wait before it, until something else is told of it. */
function watchQueue(taskId: string, { onTask }: Follower, signal: AbortSignal): { stop: () => void } {
  const timer = setInterval(() => {
    askStatus(taskId, 0, signal).then(
      (task) => {
        if (task.stage !== 'queued') stop();
        else onTask(task);
      },
      // What is wrong, the follower itself meets as well.
      () => undefined,
    );
  }, QUEUE_MS);
  const stop = () => clearInterval(timer);
  return { stop };
}
