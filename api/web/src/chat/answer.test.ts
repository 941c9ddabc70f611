import { expect, it } from 'vitest';
import { beginAnswer, hear, look, textOf } from './answer';
import type { Answer } from './answer';
import { doingWords } from './answer-view';
import type { TaskEvent } from './task-events';
import { playedTask } from './test/played';

const delta = (no: number, text: string): TaskEvent => ({ no, kind: 'delta', text });
const heard = (...events: TaskEvent[]): Answer => events.reduce(hear, beginAnswer('t'));

it('is the text of its deltas', () => {
  expect(textOf(heard(delta(1, 'Two '), delta(2, 'people')))).toBe('Two people');
});

it('takes back the deltas that a reset voids, and only those', () => {
  const answer = heard(delta(2, 'Let me see. '), delta(4, 'Wro'), delta(5, 'ng'), { no: 6, kind: 'reset', from: 4 });
  expect(textOf(answer)).toBe('Let me see. ');
  expect(textOf(hear(answer, delta(7, 'Right')))).toBe('Let me see. Right');
});

it('hears nothing twice', () => {
  const answer = heard(delta(1, 'a'), delta(2, 'b'));
  expect(hear(answer, delta(2, 'b'))).toBe(answer);
  expect(hear(answer, delta(1, 'a'))).toBe(answer);
});

it('is what its task says once it has ended, and stays so', () => {
  const ended = look(heard(delta(1, 'Half an ans')), playedTask('t', 'completed', 'The answer.'));
  expect(textOf(ended)).toBe('The answer.');
  expect(hear(ended, delta(9, 'more'))).toBe(ended);
  expect(look(ended, playedTask('t', 'processing'))).toBe(ended);
});

it('shows nothing of what failed, and what was said before it was stopped', () => {
  expect(textOf(look(heard(delta(1, 'Half')), playedTask('t', 'failed')))).toBe('');
  expect(textOf(look(heard(delta(1, 'Half')), playedTask('t', 'cancelled')))).toBe('Half');
});

it('says what is being done', () => {
  const queued = look(beginAnswer('t'), { ...playedTask('t', 'processing'), stage: 'queued', queue_position: 3 });
  expect(doingWords(queued, true)).toBe('Waiting: 3 before you');
  expect(doingWords(queued, false)).toBe('Comes after the answer above');
  const running = hear(queued, { no: 1, kind: 'stage', stage: 'running' });
  expect(doingWords(running, true)).toBe('Thinking');
  const acting = hear(running, { no: 2, kind: 'tool', name: 'search_providers', isDone: false });
  expect(doingWords(acting, true)).toBe('Looking for people who do this');
  expect(doingWords(hear(acting, { no: 3, kind: 'tool', name: 'search_providers', isDone: true }), true)).toBe(
    'Thinking',
  );
  expect(doingWords(hear(acting, { no: 3, kind: 'stage', stage: 'retrying' }), true)).toMatch(/trying again/);
});
