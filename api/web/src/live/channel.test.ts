import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, playApi, problem } from '../test/answers';
import type { Missed } from './channel';

type Handler = (...told: unknown[]) => void;

/** A socket without a server: the test is the server. */
class PlayedSocket {
  connected = false;
  active = true;
  readonly sent: unknown[][] = [];
  readonly tokens: (string | null)[] = [];
  isDisconnected = false;
  private readonly handlers = new Map<string, Handler>();
  private any: Handler = () => undefined;

  constructor(
    readonly url: string,
    readonly options: { path: string; auth: (give: (auth: { token: string | null }) => void) => void },
  ) {}

  connect() {
    this.active = true;
    this.options.auth(({ token }) => this.tokens.push(token));
  }
  disconnect() {
    this.isDisconnected = true;
  }
  on(name: string, handler: Handler) {
    this.handlers.set(name, handler);
  }
  onAny(handler: Handler) {
    this.any = handler;
  }
  off() {
    this.handlers.clear();
  }
  offAny() {
    this.any = () => undefined;
  }
  emit(...sent: unknown[]) {
    this.sent.push(sent);
  }

  /** The server takes the connection. */
  take() {
    this.connected = true;
    this.handlers.get('connect')?.();
  }
  /** The server refuses it: the library gives up. */
  refuse() {
    this.active = false;
    this.handlers.get('connect_error')?.(new Error('unauthenticated'));
  }
  cut(reason: string) {
    this.connected = false;
    this.handlers.get('disconnect')?.(reason);
  }
  tell(name: string, told?: unknown) {
    this.any(name, told);
  }
  happen(seq: number, type = 'lead:new') {
    this.tell(type, { seq, type, at: '2026-11-27T12:00:00Z', data: {} });
  }
  /** Answers what was asked last. */
  answer(told: unknown) {
    const ack = this.sent.at(-1)?.at(-1);
    if (typeof ack === 'function') Reflect.apply(ack, undefined, [told]);
  }
  /** What was asked last, without the callback. */
  asked() {
    return this.sent.at(-1)?.slice(0, 2);
  }
}

const sockets: PlayedSocket[] = [];
vi.mock('socket.io-client', () => ({
  io: (...made: ConstructorParameters<typeof PlayedSocket>) => {
    const socket = new PlayedSocket(...made);
    sockets.push(socket);
    return socket;
  },
}));

const user = { id: 'u-1', role: 'consumer' } as const;
const signIn = (token: string) => ({ access_token: token, token_type: 'Bearer', expires_in: 900, user });

/** The channel of somebody who is signed in. */
async function open() {
  vi.resetModules();
  const [{ openChannel }, session] = await Promise.all([import('./channel'), import('../api/session')]);
  session.enter(signIn('first'));
  const heard: (number | Missed | 'cut')[] = [];
  const close = openChannel('https://live.example/somewhere', {
    onBegun: (missed) => heard.push(missed),
    onEvent: ({ seq }) => heard.push(seq),
    onCut: () => heard.push('cut'),
  });
  await vi.advanceTimersByTimeAsync(0);
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error('No connection was made.');
  return { socket, heard, close, session };
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets.length = 0;
  playApi(() => json(signIn('second')));
});

afterEach(() => vi.useRealTimers());

describe('events', () => {
  it('are asked for from now on, and after a cut from the last one on', async () => {
    const { socket, heard } = await open();
    expect(socket.url).toBe('https://live.example');
    expect(socket.options.path).toBe('/ws/socket.io');
    expect(socket.tokens).toEqual(['first']);

    socket.take();
    expect(socket.asked()).toEqual(['resume', {}]);
    socket.answer({ seq: 40 });
    socket.happen(41);
    socket.cut('transport close');
    socket.take();

    expect(socket.asked()).toEqual(['resume', { after: 41 }]);
    socket.answer({ seq: 41 });
    expect(heard).toEqual(['some', 41, 'cut', 'nothing']);
  });

  it('are told once', async () => {
    const { socket, heard } = await open();
    socket.take();
    socket.answer({ seq: 40 });
    for (const seq of [41, 41, 43, 41, 44]) socket.happen(seq);

    expect(heard).toEqual(['some', 41, 43, 44]);
  });

  it('go on from the present one where what was missed is too old', async () => {
    const { socket, heard } = await open();
    socket.take();
    socket.answer({ seq: 40 });

    socket.tell('resync', { seq: 90 });

    socket.happen(91);
    expect(heard).toEqual(['some', 'all', 91]);
    socket.cut('transport close');
    socket.take();
    expect(socket.asked()).toEqual(['resume', { after: 91 }]);
  });
});

describe('the token', () => {
  it('is renewed before it expires, and not more often than that', async () => {
    const { socket } = await open();
    socket.take();
    socket.answer({ seq: 40 });

    const renewals = () => socket.sent.filter(([name]) => name === 'auth:renew');
    socket.tell('auth:expiring');
    await vi.waitFor(() => expect(renewals()).toEqual([['auth:renew', { token: 'second' }]]));

    socket.tell('auth:expiring');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(renewals()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(15_000);
    await vi.waitFor(() => expect(renewals()).toHaveLength(2));
  });

  it('is another when the connection is tried again after a refusal', async () => {
    const { socket } = await open();

    socket.refuse();
    await vi.advanceTimersByTimeAsync(2_000);

    await vi.waitFor(() => expect(socket.tokens).toEqual(['first', 'second']));
  });

  it('is tried no more when the sign-in is over', async () => {
    playApi(() => problem(401, 'unauthenticated', 'Sign in again.'));
    const { socket, session } = await open();

    socket.cut('io server disconnect');
    await vi.advanceTimersByTimeAsync(60_000);

    await vi.waitFor(() => expect(session.readSession()).toEqual({ status: 'guest' }));
    expect(socket.tokens).toEqual(['first']);
  });
});

it('ends when it is closed', async () => {
  const { socket, heard, close } = await open();
  socket.take();
  socket.answer({ seq: 40 });
  socket.tell('auth:expiring');

  close();
  socket.happen(41);
  await vi.advanceTimersByTimeAsync(60_000);

  expect(socket.isDisconnected).toBe(true);
  expect(heard).toEqual(['some']);
  expect(socket.sent.map(([name]) => name)).toEqual(['resume']);
});
