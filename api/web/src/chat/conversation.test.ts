import { afterEach, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../live/events';
import { json } from '../test/answers';
import { Conversation } from './conversation';
import { GUEST } from './outbox';
import { playConversation } from './test/conversation-page';

const session = {
  id: 's-1',
  role: 'guest',
  title: null,
  messages: { items: [], next_cursor: null, prev_cursor: null },
  active_tasks: ['t-1'],
  open_draft: null,
};

let stop = (): void => undefined;
afterEach(() => stop());

/** A conversation that is looked at, with a task in it that is followed; and how often it was read. */
async function open() {
  const asked = playConversation({
    'GET /chat/sessions/s-1': () => json(session),
    // Nothing is told of it, until nobody listens any more.
    'GET /chat/stream/t-1': ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('Over', 'AbortError')));
      }),
  });
  const conversation = new Conversation('s-1', GUEST);
  stop = conversation.start({
    onBegun: () => undefined,
    onEnded: () => undefined,
    onDraftChanged: () => undefined,
  });
  const reads = () => asked.filter((call) => call === 'GET /chat/sessions/s-1').length;
  await vi.waitFor(() => expect(asked).toContain('GET /chat/stream/t-1'));
  return { conversation, reads };
}

function event(about: Partial<LiveEvent>): LiveEvent {
  return { seq: 1, type: 'message:new', sessionId: 's-1', taskId: null, ...about };
}

it.each<[string, LiveEvent | null]>([
  ['somebody said something', event({})],
  ['somebody said something, nobody knows where', event({ sessionId: null })],
  ['another task goes on', event({ type: 'task:update', taskId: 't-2' })],
  ['nobody knows what happened', null],
])('is read on when %s', async (_, told) => {
  const { conversation, reads } = await open();
  conversation.hear(told);
  await vi.waitFor(() => expect(reads()).toBe(2));
});

it.each<[string, LiveEvent]>([
  ['of another conversation', event({ sessionId: 's-2' })],
  ['of a task that is followed', event({ type: 'task:update', taskId: 't-1' })],
  ['of a matching', event({ type: 'task:update', sessionId: null, taskId: 't-3' })],
  ['of something else', event({ type: 'offer:new' })],
])('is not read anew for news %s', async (_, told) => {
  const { conversation, reads } = await open();
  conversation.hear(told);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(reads()).toBe(1);
});
