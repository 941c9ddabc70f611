import { describe, expect, it } from 'vitest';
import { readEvents } from './stream';
import type { ServerEvent } from './stream';
import { readTaskEvent } from './task-events';

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

const told =
  'retry: 1000\n\n:\n\nid: 1\nevent: stage\ndata: {"stage":"running","attempts":1}\n\nid: 2\nevent: delta\ndata: {"text":"Grüße"}\n\n';

describe('a stream of events', () => {
  it('is read alike wherever it is split, also inside of a character', async () => {
    const bytes = new TextEncoder().encode(told);
    const whole = await read(bytes);
    expect(whole.map(({ id, name }) => `${id} ${name}`)).toEqual(['1 stage', '2 delta']);
    for (let at = 0; at <= bytes.length; at++) {
      expect(await read(bytes.slice(0, at), bytes.slice(at))).toEqual(whole);
    }
  });

  it.each(['\n', '\r\n', '\r'])('may end its lines with %j', async (end) => {
    const text = ['id: 7', 'event: delta', 'data: a', 'data:b', '', 'data: c', '', ''].join(end);
    const expected = [
      { id: '7', name: 'delta', data: 'a\nb' },
      { id: '7', name: 'message', data: 'c' },
    ];
    // A lone carriage return at the very end may be half of a line's end: what it would end is not told.
    expect(await read(text)).toEqual(end === '\r' ? expected.slice(0, 1) : expected);
    expect(await read(...text.split(''))).toEqual(end === '\r' ? expected.slice(0, 1) : expected);
  });

  it('tells nothing of an event that was cut off', async () => {
    expect(await read('id: 1\nevent: delta\ndata: {"text":"a"}\n')).toEqual([]);
  });
});

describe('an event of a task', () => {
  const event = (name: string, data: string, id = '3') => readTaskEvent({ id, name, data });

  it('is read by its name', () => {
    expect(event('delta', '{"text":"a"}')).toEqual({ no: 3, kind: 'delta', text: 'a' });
    expect(event('reset', '{"from":2}')).toEqual({ no: 3, kind: 'reset', from: 2 });
    expect(event('tool', '{"name":"get_offers","state":"started"}')).toEqual({
      no: 3,
      kind: 'tool',
      name: 'get_offers',
      isDone: false,
    });
    expect(event('failed', '{"task_id":"t","status":"failed","effects":[]}')).toMatchObject({ no: 3, kind: 'ended' });
  });

  it.each([
    ['what is no JSON', 'delta', '{"text":', '3'],
    ['another shape', 'delta', '{"text":1}', '3'],
    ['another name', 'surprise', '{}', '3'],
    ['no number', 'delta', '{"text":"a"}', ''],
    ['an end without its task', 'completed', 'null', '3'],
  ])('is none with %s', (_, name, data, id) => {
    expect(event(name, data, id)).toBeNull();
  });
});
