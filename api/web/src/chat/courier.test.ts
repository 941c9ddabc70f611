import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, problem } from '../test/answers';

const said = { who: 'guest', conversation: 's', sessionId: 's', text: 'Hello', photos: [], more: {} };
const taken = { task_id: 't', session_id: 's', status: 'processing' };

/** A page of this browser: what a reload or another tab is. */
async function openPage() {
  vi.resetModules();
  const [outbox, courier, session] = await Promise.all([
    import('./outbox'),
    import('./courier'),
    import('../api/session'),
  ]);
  const events: string[] = [];
  const stop = courier.listenToCourier({
    onTaken: (entry, { task_id }) => events.push(`taken ${entry.text} ${task_id}`),
    onRefused: (entry) => events.push(`refused ${entry.text}`),
    onTrouble: () => events.push(courier.readTrouble()?.detail ?? 'no trouble'),
  });
  const end = session.startSession();
  await vi.advanceTimersByTimeAsync(0);
  return {
    outbox,
    courier,
    session,
    events,
    close: () => {
      stop();
      end();
    },
  };
}

interface SentMessage {
  key: string | null;
  body: { message?: string; client_message_id: string; session_id: string | null };
}

let sent: SentMessage[] = [];

/** An API that keeps what it is sent, and answers in turn, then well. */
function playChat(...answers: (() => Response | Promise<Response>)[]): void {
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.url.endsWith('/auth/guest')) return json({ access_token: 'guest-token' }, 201);
    // What this client itself sends has its shape.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
    const body = (await request.json()) as SentMessage['body'];
    sent.push({ key: request.headers.get('idempotency-key'), body });
    return answers.shift()?.() ?? json(taken, 202);
  });
}

const offline = () => Promise.reject(new TypeError('Failed to fetch'));
const keptKeys = () => Object.keys(localStorage).filter((key) => key.startsWith('proxie.outbox.'));

beforeEach(() => {
  sent = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('what is said', () => {
  it('is kept until the API has it, and no longer', async () => {
    let answer: (response: Response) => void = () => undefined;
    playChat(
      () =>
        new Promise<Response>((resolve) => {
          answer = resolve;
        }),
    );
    const page = await openPage();
    page.outbox.post(said);
    await vi.advanceTimersByTimeAsync(0);
    expect(keptKeys()).toHaveLength(1);
    answer(json(taken, 202));
    await vi.advanceTimersByTimeAsync(0);
    expect(keptKeys()).toEqual([]);
    expect(page.events).toEqual(['taken Hello t']);
    page.close();
  });

  it('is sent again under the same id after the connection was lost, be it taken or not', async () => {
    playChat(offline, offline);
    const page = await openPage();
    page.outbox.post(said);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ body }) => body.client_message_id)).size).toBe(1);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(page.events.at(-1)).toBe('taken Hello t');
    page.close();
  });

  it('survives a reload, and is sent by the next page under the same id', async () => {
    playChat(offline, () => json({ task_id: 't', session_id: 's', status: 'processing' }, 202));
    const first = await openPage();
    const { id } = first.outbox.post(said);
    await vi.advanceTimersByTimeAsync(0);
    first.close();

    const second = await openPage();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ body }) => body.client_message_id)).toEqual([id, id]);
    expect(second.events).toContain('taken Hello t');
    second.close();
  });

  it('goes in order, one at a time', async () => {
    playChat(offline);
    const page = await openPage();
    page.outbox.post({ ...said, text: 'One' });
    page.outbox.post({ ...said, text: 'Two' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent.map(({ body }) => body.message)).toEqual(['One', 'One', 'Two']);
    page.close();
  });

  it('waits as long as the API says, and says why', async () => {
    playChat(() => problem(429, 'rate_limited', 'Wait as long as Retry-After says.'));
    const page = await openPage();
    page.outbox.post(said);
    await vi.advanceTimersByTimeAsync(6_900);
    expect(sent).toHaveLength(1);
    expect(page.events).toEqual(['That was a lot in a short time: a moment, please.']);
    await vi.advanceTimersByTimeAsync(200);
    expect(page.events.at(-1)).toBe('taken Hello t');
    page.close();
  });

  it('stays, with what is wrong, if the API will not take it; it is tried again as another message', async () => {
    playChat(() => problem(422, 'invalid', 'Films cannot be sent here.'));
    const page = await openPage();
    const { id } = page.outbox.post(said);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    const [entry] = page.outbox.readOutbox();
    expect(entry).toMatchObject({ id, text: 'Hello', refusal: 'Films cannot be sent here.' });
    if (entry !== undefined) page.outbox.sayAgain(entry, 'guest');
    await vi.advanceTimersByTimeAsync(0);
    expect(sent[1]?.body.client_message_id).not.toBe(id);
    expect(page.outbox.readOutbox()).toEqual([]);
    page.close();
  });
});

it('is sent at once by a page that knows already who sits there', async () => {
  playChat(offline);
  const page = await openPage();
  page.outbox.post(said);
  await vi.advanceTimersByTimeAsync(0);
  page.close();
  expect(sent).toHaveLength(1);
  // Nothing but this listener begins to send: no news of who sits here, none of the outbox.
  const stop = page.courier.listenToCourier({
    onTaken: () => undefined,
    onRefused: () => undefined,
    onTrouble: () => undefined,
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(2);
  stop();
});

it('waits for as long as the page lives where the browser keeps nothing', async () => {
  playChat(offline);
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('Full', 'QuotaExceededError');
  });
  const page = await openPage();
  page.outbox.post(said);
  page.outbox.post({ ...said, text: 'And more' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.events.filter((event) => event.startsWith('taken'))).toEqual(['taken Hello t', 'taken And more t']);
  page.close();
});

describe('the first message of a conversation', () => {
  const first = { ...said, conversation: 'new-1', sessionId: null };

  it('is sent with a token and a key, as nothing else tells that it is the same', async () => {
    playChat(offline);
    const page = await openPage();
    const { id } = page.outbox.post(first);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(localStorage.getItem('proxie.guest')).toBe('guest-token');
    expect(sent.map(({ key }) => key)).toEqual([id, id]);
    page.close();
  });

  it('brings the others along into what has begun', async () => {
    playChat();
    const page = await openPage();
    page.outbox.post(first);
    page.outbox.post({ ...first, text: 'And more' });
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map(({ body }) => body.session_id)).toEqual([null, 's']);
    page.close();
  });

  it('is not sent by itself when the API would not know it any more', async () => {
    playChat(offline);
    const before = await openPage();
    before.outbox.post(first);
    await vi.advanceTimersByTimeAsync(0);
    before.close();
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    const page = await openPage();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(page.outbox.readOutbox()).toHaveLength(1);
    page.close();
  });
});

it('sends nothing that somebody else said', async () => {
  playChat();
  const page = await openPage();
  const entry = page.outbox.post({ ...said, who: 'u-1' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([]);
  expect(page.outbox.isOf(entry, 'u-2')).toBe(false);
  page.close();
});

it('drops a button whose draft has changed, as it is of no use any more', async () => {
  playChat(() => problem(409, 'draft_changed', 'Look at the present one.', { draft: null }));
  const page = await openPage();
  const action = { kind: 'approve', draft_id: 'd', draft_version: 1 } as const;
  const { id } = page.outbox.post({ ...said, text: '', more: { action } });
  expect(page.outbox.actionOf(id)).toBe('approve');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toHaveLength(1);
  expect(page.events).toEqual(['refused ']);
  expect(page.outbox.readOutbox()).toEqual([]);
  page.close();
});
