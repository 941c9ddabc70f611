import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { View } from '../api/client';
import { json, problem } from '../test/answers';
import { playConversation, visit } from './test/conversation-page';
import type { Play } from './test/conversation-page';
import { playedDraft, playedMessage, playedTask } from './test/played';
import type { Draft, Message } from './transcript';

/** What the API has. */
let messages: Message[] = [];
let active: string[] = [];
let openDraft: Draft | null = null;
/** What was posted to the chat. */
let posted: View<'ChatBody'>[] = [];

const transcript = () =>
  json({
    id: 's-1',
    title: 'Curly hair',
    role: 'consumer',
    created_at: '2031-07-05T12:00:00Z',
    updated_at: '2031-07-05T12:00:00Z',
    known: {},
    messages: { items: messages, next_cursor: null, prev_cursor: null },
    active_tasks: active,
    open_draft: openDraft,
  });

function answer(text: string): void {
  active = [];
  messages = [
    ...messages.map((message) => ({ ...message, status: 'completed' as const })),
    playedMessage(messages.length + 1, { role: 'assistant', text, task_id: 't-1', status: 'completed' }),
  ];
}

async function take(request: Request): Promise<Response> {
  // What this client itself sends has its shape.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
  const body = (await request.json()) as View<'ChatBody'>;
  posted.push(body);
  const { message, client_message_id = null } = body;
  const said = { text: message ?? '', client_message_id, task_id: 't-1', status: 'processing' } as const;
  messages = [...messages, playedMessage(messages.length + 1, said)];
  active = ['t-1'];
  return json({ task_id: 't-1', session_id: 's-1', status: 'processing' }, 202);
}

const chat: Play = {
  'POST /chat': take,
  'GET /chat/sessions/s-1': transcript,
  'GET /chat/status/*': (request) => {
    const taskId = new URL(request.url).pathname.slice('/chat/status/'.length);
    const isActive = active.includes(taskId);
    return json(playedTask(taskId, isActive ? 'processing' : 'completed', 'Three people.'));
  },
};

/** A stream whose end the test decides. */
function playStream() {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const tell = (no: number, name: string, data: object) =>
    controller?.enqueue(encoder.encode(`id: ${no}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  const open = () => {
    const body = new ReadableStream<Uint8Array>({
      start: (started) => {
        controller = started;
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  };
  return { open, tell };
}

const composer = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Your message' });
const items = () => within(screen.getByRole('list', { name: 'Messages' })).getAllByRole('article');

beforeEach(() => {
  messages = [];
  active = [];
  openDraft = null;
  posted = [];
});

describe('a new conversation', () => {
  it('begins with what is typed, streams the answer, and ends as the API has it', async () => {
    const stream = playStream();
    playConversation({ ...chat, 'GET /chat/stream/t-1': stream.open });
    const { router } = visit('/');
    await userEvent.type(await composer(), 'A haircut{Shift>}{Enter}{/Shift}in Brooklyn{Enter}');

    expect(await screen.findByText('Thinking')).toBeDefined();
    expect(screen.getByText('Proxie is thinking.')).toBeDefined();
    expect(posted[0]).toMatchObject({ message: 'A haircut\nin Brooklyn', session_id: null });
    expect(router.state.location.pathname).toBe('/chat/s-1');
    expect((await composer()).value).toBe('');

    stream.tell(1, 'stage', { stage: 'running' });
    stream.tell(2, 'tool', { name: 'search_providers', state: 'started' });
    expect(await screen.findByText('Looking for people who do this')).toBeDefined();
    stream.tell(3, 'delta', { text: 'Four **people** ' });
    expect((await screen.findByText('people')).tagName).toBe('STRONG');
    stream.tell(4, 'reset', { from: 3 });
    stream.tell(5, 'delta', { text: 'Three people.' });
    answer('Three people.');
    stream.tell(6, 'completed', playedTask('t-1', 'completed', 'Three people.'));

    await waitFor(() => expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull());
    expect(items().map((item) => item.textContent)).toEqual(['A haircut\nin Brooklyn', 'Three people.']);
    expect(screen.getAllByText('Three people.').some((said) => said.closest('[role="status"]') !== null)).toBe(true);
  });

  it('puts an example into the composer', async () => {
    playConversation(chat);
    visit('/');
    await userEvent.click(await screen.findByRole('button', { name: /haircut for curly hair/ }));
    expect((await composer()).value).toMatch(/haircut for curly hair/);
    expect(posted).toEqual([]);
  });

  it('says what a link brings along, and keeps what was typed', async () => {
    localStorage.setItem('proxie.typed.new.guest', JSON.stringify({ text: 'By the way', photos: [] }));
    playConversation({ ...chat, 'GET /chat/stream/t-1': () => problem(404, 'not_found', 'No.') });
    visit('/?provider=p-1&text=Are you free on Friday?');
    expect((await composer()).value).toBe('By the way\n\nAre you free on Friday?');
    expect(screen.getByText('this provider')).toBeDefined();
    await userEvent.type(await composer(), '{Enter}');
    await waitFor(() => expect(posted).toHaveLength(1));
    expect(posted[0]).toMatchObject({ context: { provider_id: 'p-1' } });
  });

  it('asks a guest who wants to offer services for an account first', async () => {
    playConversation(chat);
    visit('/?role=enrollment');
    const link = await screen.findByRole('link', { name: 'Create an account' });
    expect(link.getAttribute('href')).toBe('/sign-up?to=%2F%3Frole%3Denrollment');
  });

  it('is what a provider’s link says', async () => {
    playConversation(
      { ...chat, 'GET /chat/stream/t-1': () => problem(404, 'not_found', 'No.') },
      { id: 'u', role: 'consumer' },
    );
    visit('/?role=enrollment');
    await userEvent.type(await composer(), 'I cut hair{Enter}');
    await waitFor(() => expect(posted).toHaveLength(1));
    expect(posted[0]).toMatchObject({ role: 'enrollment', message: 'I cut hair' });
  });
});

describe('what is typed', () => {
  it('survives a reload', async () => {
    playConversation(chat);
    const first = visit('/');
    await userEvent.type(await composer(), 'Half a sent');
    first.unmount();
    visit('/');
    expect((await composer()).value).toBe('Half a sent');
  });

  it('and what was sent without a network survives a reload as well, and is sent once', async () => {
    let isAway = true;
    playConversation({
      ...chat,
      'GET /chat/stream/t-1': playStream().open,
      'POST /chat': (request) => (isAway ? Promise.reject(new TypeError('offline')) : take(request)),
    });
    const first = visit('/');
    await userEvent.type(await composer(), 'A haircut{Enter}');
    expect(await screen.findByText(/cannot be reached/)).toBeDefined();
    first.unmount();

    isAway = false;
    visit('/');
    expect(await screen.findByText('Thinking')).toBeDefined();
    expect(items()[0]?.textContent).toBe('A haircut');
    expect(posted).toHaveLength(1);
  });
});

describe('a conversation', () => {
  it('follows what runs in it, also if another device has asked', async () => {
    const stream = playStream();
    messages = [playedMessage(1, { text: 'From my phone', task_id: 't-1', status: 'processing' })];
    active = ['t-1'];
    const asked = playConversation({ ...chat, 'GET /chat/stream/t-1': stream.open });
    visit('/chat/s-1');
    expect(await screen.findByText('Thinking')).toBeDefined();
    answer('Done.');
    stream.tell(1, 'completed', playedTask('t-1', 'completed', 'Done.'));
    await waitFor(() => expect(items().map((item) => item.textContent)).toEqual(['From my phone', 'Done.']));
    expect(asked.filter((call) => call === 'GET /chat/stream/t-1')).toHaveLength(1);
  });

  it('looks for news when somebody comes back to it', async () => {
    messages = [playedMessage(1, { text: 'Hello', task_id: 't-1', status: 'completed' })];
    playConversation(chat);
    visit('/chat/s-1');
    await screen.findByText('Hello');
    messages = [...messages, playedMessage(2, { text: 'More, from my phone', task_id: 't-1', status: 'completed' })];
    window.dispatchEvent(new Event('focus'));
    expect(await screen.findByText('More, from my phone')).toBeDefined();
  });

  it('tells why an answer failed, and tries it again', async () => {
    const stream = playStream();
    messages = [playedMessage(1, { text: 'Hello', task_id: 't-0', status: 'failed' })];
    const asked = playConversation({
      ...chat,
      'GET /chat/status/t-0': () => json(playedTask('t-0', 'failed')),
      'POST /chat/retry/t-0': () => {
        messages = [playedMessage(1, { text: 'Hello', task_id: 't-1', status: 'processing' })];
        active = ['t-1'];
        return json({ task_id: 't-1', session_id: 's-1', status: 'processing' }, 202);
      },
      'GET /chat/stream/t-1': stream.open,
    });
    visit('/chat/s-1');
    expect(await screen.findByText('Try again in a minute.')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }));
    expect(await screen.findByText('Thinking')).toBeDefined();
    expect(screen.queryByText('Try again in a minute.')).toBeNull();
    expect(asked).toContain('POST /chat/retry/t-0');
  });

  it('stops an answer', async () => {
    const stream = playStream();
    messages = [playedMessage(1, { text: 'Hello', task_id: 't-1', status: 'processing' })];
    active = ['t-1'];
    playConversation({
      ...chat,
      'GET /chat/stream/t-1': stream.open,
      'POST /chat/cancel/t-1': () => {
        messages = [playedMessage(1, { text: 'Hello', task_id: 't-1', status: 'cancelled' })];
        active = [];
        return json(playedTask('t-1', 'cancelled'));
      },
    });
    visit('/chat/s-1');
    await userEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(await screen.findByText('You stopped the answer.')).toBeDefined();
    expect(screen.queryByText('Thinking')).toBeNull();
  });

  it('says that what the last answer offers cannot be had, and nothing else is the worse for it', async () => {
    // React tells of every error that a boundary caught.
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '0' };
    const down = JSON.stringify({ code: 'unavailable', detail: 'In a moment.' });
    let isAway = true;
    messages = [playedMessage(1, { role: 'assistant', text: 'Done.', task_id: 't-1', status: 'completed' })];
    playConversation({
      ...chat,
      'GET /chat/status/t-1': () =>
        isAway ? new Response(down, { status: 503, headers }) : json(playedTask('t-1', 'completed', 'Done.')),
    });
    visit('/chat/s-1');
    await userEvent.type(await composer(), 'By the way');
    expect((await screen.findByRole('alert')).textContent).toContain('In a moment.');
    isAway = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(items().map((item) => item.textContent)).toEqual(['Done.']);
    expect((await composer()).value).toBe('By the way');
  });

  it('says so where there is none', async () => {
    playConversation({ 'GET /chat/sessions/*': () => problem(403, 'not_yours', 'This is not yours.') });
    visit('/chat/s-9');
    expect(await screen.findByText('This conversation is not here')).toBeDefined();
  });
});

describe('the draft of a conversation', () => {
  const drafted = () => {
    openDraft = playedDraft();
    messages = [
      playedMessage(1, { text: 'A haircut', task_id: 't-1', status: 'completed' }),
      playedMessage(2, { role: 'assistant', text: 'Shall I post it?', task_id: 't-1', draft: openDraft }),
    ];
  };

  it('is approved as it is shown', async () => {
    drafted();
    playConversation({ ...chat, 'GET /chat/stream/t-1': playStream().open }, { id: 'u', role: 'consumer' });
    visit('/chat/s-1');
    await userEvent.click(await screen.findByRole('button', { name: 'Post request' }));
    await waitFor(() => expect(posted).toHaveLength(1));
    expect(posted[0]).toMatchObject({
      session_id: 's-1',
      action: { kind: 'approve', draft_id: 'd-1', draft_version: 2 },
    });
    expect(posted[0]).not.toHaveProperty('message');
    expect(await screen.findByText('Approved the draft')).toBeDefined();
  });

  it('is shown anew if it has changed, and nothing was done', async () => {
    drafted();
    const changed = playedDraft({ version: 3, fields: { service_id: 'haircut', city: 'Queens' } });
    playConversation(
      {
        ...chat,
        'POST /chat': () => {
          openDraft = changed;
          return problem(409, 'draft_changed', 'Look at the present one.', { draft: changed });
        },
      },
      { id: 'u', role: 'consumer' },
    );
    visit('/chat/s-1');
    await userEvent.click(await screen.findByRole('button', { name: 'Post request' }));
    expect(await screen.findByText(/had changed when you pressed/)).toBeDefined();
    expect(within(screen.getByRole('region', { name: /^Draft/ })).getByText('Queens')).toBeDefined();
  });

  it('leads a guest to sign up, and back', async () => {
    drafted();
    playConversation(chat);
    visit('/chat/s-1');
    const link = await screen.findByRole('link', { name: 'Create an account' });
    expect(link.getAttribute('href')).toBe('/sign-up?to=%2Fchat%2Fs-1');
    expect(screen.queryByRole('button', { name: 'Post request' })).toBeNull();
  });
});

it('uploads photos, keeps those that arrived, and lets others be tried again', async () => {
  Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined });
  let isAway = true;
  const media = { id: 'photo-1', url: '/media/photo-1/x', mime: 'image/jpeg', expires_at: '2099-01-01T00:00:00Z' };
  playConversation({
    ...chat,
    'POST /media': () => (isAway ? problem(503, 'unavailable', 'In a moment.') : json(media, 201)),
    'GET /chat/stream/t-1': playStream().open,
  });
  visit('/');
  await composer();
  const photo = new File(['x'], 'curls.jpg', { type: 'image/jpeg' });
  await userEvent.upload(screen.getByLabelText('Add photos'), photo);
  expect((await screen.findByRole('alert')).textContent).toContain('In a moment.');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  isAway = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('img', { name: 'Photo 1' })).toBeDefined();
  expect(localStorage.getItem('proxie.typed.new.guest')).toContain('photo-1');
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(posted[0]).toMatchObject({ media: ['photo-1'] }));
});
