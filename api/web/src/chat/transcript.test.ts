import { describe, expect, it } from 'vitest';
import { textOf } from './answer';
import { ModelClient, ModelServer, randomBy } from './test/model';
import { playedMessage, playedTask } from './test/played';
import { activeTasks, beginTranscript, isOutdated, reduce, shownOf } from './transcript';
import type { Transcript } from './transcript';

describe('whatever happens, in whatever order', () => {
  const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);

  it('there is in the end what the server has, and all the while what was said, once', () => {
    for (const seed of seeds) play(seed);
  });

  function play(seed: number): void {
    const server = new ModelServer();
    const client = new ModelClient(server, randomBy(seed));
    for (let step = 0; step < 200; step++) {
      client.act();
      expect(problemOf(server, client), `seed ${seed}, step ${step}`).toBeNull();
    }
    client.comeToRest();

    const { transcript } = client;
    const first = transcript.messages[0]?.seq ?? 0;
    const shown = shownOf(transcript, client.outbox);
    expect(shown.messages, `seed ${seed}`).toEqual(server.messages.filter(({ seq }) => seq >= first));
    expect([shown.sent, shown.waiting, shown.answers], `seed ${seed}`).toEqual([[], [], []]);

    client.readAllEarlier();
    expect(client.transcript.messages, `seed ${seed}`).toEqual(server.messages);
    const said = server.messages.map((message) => message.client_message_id).filter((id) => id?.startsWith('here-'));
    expect(said.toSorted(), `seed ${seed}`).toEqual(client.said.toSorted());
  }

  /** What must not be seen at any moment. */
  function problemOf(server: ModelServer, { transcript, outbox, said, isLoaded }: ModelClient): string | null {
    const shown = shownOf(transcript, outbox);
    const ids = [
      ...shown.messages.map((message) => message.client_message_id ?? message.id),
      ...[...shown.sent, ...shown.waiting].map(({ id }) => id),
    ];
    if (new Set(ids).size !== ids.length) return 'Something is shown twice.';
    const before = server.messages.filter(({ seq }) => seq < (transcript.messages[0]?.seq ?? 0));
    const known = new Set([...ids, ...before.map((message) => message.client_message_id)]);
    if (isLoaded && said.some((id) => !known.has(id))) return 'Something that was said has vanished.';
    const isInOrder = transcript.messages.every(
      ({ seq }, at) => at === 0 || seq > (transcript.messages[at - 1]?.seq ?? 0),
    );
    if (!isInOrder) return 'Messages are out of order.';
    const isHeardWrong = transcript.answers.some(
      (answer) => answer.ended === null && textOf(answer) !== server.textAfter(answer.taskId, answer.heard),
    );
    return isHeardWrong ? 'A text is not what was told.' : null;
  }
});

const session = { id: 's', role: 'consumer', created_at: '', updated_at: '' } as const;

function loaded(before: Transcript, page: { items: Transcript['messages']; active?: string[] }, revision: number) {
  const { items, active: activeTasks = [] } = page;
  const from = before.messages[0]?.seq ?? items[0]?.seq ?? 0;
  return reduce(before, {
    kind: 'loaded',
    page: { session, items, earlier: null, activeTasks, openDraft: null },
    from,
    revision,
  });
}

it('follows what a reload or another device finds running', () => {
  const items = [playedMessage(1, { task_id: 't', status: 'processing' })];
  expect(activeTasks(loaded(beginTranscript(false), { items, active: ['t'] }, 1))).toEqual(['t']);
  // The task ended between the reading of the messages and that of the tasks.
  expect(activeTasks(loaded(beginTranscript(false), { items, active: [] }, 1))).toEqual(['t']);
});

it('keeps an answer that has ended until the messages hold it', () => {
  const asked = [playedMessage(1, { task_id: 't', status: 'processing' })];
  const running = loaded(beginTranscript(false), { items: asked, active: ['t'] }, 1);
  const ended = reduce(running, { kind: 'looked', task: playedTask('t', 'completed', 'Here.') });
  expect(isOutdated(ended)).toBe(true);

  // Messages that were asked for before do not take it away, and do not make it run again.
  const late = loaded(ended, { items: asked, active: ['t'] }, running.revision);
  expect(shownOf(late, []).answers.map(textOf)).toEqual(['Here.']);
  expect(activeTasks(late)).toEqual([]);
  expect(isOutdated(late)).toBe(true);

  const answered = [
    playedMessage(1, { task_id: 't', status: 'completed' }),
    playedMessage(2, { role: 'assistant', text: 'Here.', task_id: 't', status: 'completed' }),
  ];
  const whole = loaded(late, { items: answered }, late.revision);
  expect(shownOf(whole, [])).toEqual({ messages: answered, sent: [], waiting: [], answers: [] });
  expect(isOutdated(whole)).toBe(false);
});

it('shows once what the server has taken while it still waits in the outbox', () => {
  const said = { id: 'c', text: 'Hello', photos: [] };
  const taken = reduce(beginTranscript(false), { kind: 'sent', said, taskId: 't' });
  const shown = shownOf(taken, [said]);
  expect(shown.sent).toMatchObject([said]);
  expect(shown.waiting).toEqual([]);
});

it('shows an answer once that is among the messages before its end was heard', () => {
  const running = loaded(
    beginTranscript(false),
    { items: [playedMessage(1, { task_id: 't', status: 'processing' })], active: ['t'] },
    1,
  );
  const heard = reduce(running, { kind: 'heard', taskId: 't', event: { no: 1, kind: 'delta', text: 'He' } });
  const items = [
    playedMessage(1, { task_id: 't' }),
    playedMessage(2, { role: 'assistant', task_id: 't', text: 'Here.' }),
  ];
  expect(shownOf(loaded(heard, { items }, heard.revision), []).answers).toEqual([]);
});
