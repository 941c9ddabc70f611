import { expect, it } from 'vitest';
import { keys } from '../api/keys';
import { keysOf, readEvent, toldOf } from './events';

const about = { sessionId: null, taskId: null };

it('reads what an event is about', () => {
  const data = { session_id: 's', task_id: 't', text: 'Hi' };
  const told = { seq: 7, type: 'message:new', at: '2026-11-27T12:00:00Z', data };
  expect(readEvent(told)).toEqual({ seq: 7, type: 'message:new', sessionId: 's', taskId: 't' });
  expect(readEvent({ seq: 8, type: 'lead:new' })).toEqual({ seq: 8, type: 'lead:new', ...about });
});

const others = [null, 'x', {}, { seq: '7', type: 'lead:new' }, { seq: 1.5, type: 'lead:new' }, { seq: 7 }];

it.each(others)('takes %j for no event', (told) => {
  expect(readEvent(told)).toBeNull();
});

it.each([
  ['offer:new', [keys.offers.all, keys.requests.all, keys.leads.all]],
  ['notification:new', [keys.notifications.all]],
  ['message:new', [keys.sessions.all]],
  ['chat:delta', []],
  ['what:comes later', []],
])('knows what %s concerns', (type, concerned) => {
  expect(keysOf({ seq: 1, type, ...about })).toEqual(concerned);
});

it('has a task asked for again by its id', () => {
  expect(keysOf({ seq: 1, type: 'task:update', sessionId: null, taskId: 't' })).toEqual([keys.tasks.one('t')]);
  expect(keysOf({ seq: 1, type: 'task:update', ...about })).toEqual([]);
});

it('names all that events tell of, each once', () => {
  expect(toldOf).toContain(keys.bookings.all);
  expect(new Set(toldOf.map((key) => JSON.stringify(key))).size).toBe(toldOf.length);
});
