import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { bearer, readSession, renew } from '../api/session';
import { pauseBefore } from '../chat/pause';
import { readEvent, readSeq } from './events';
import type { LiveEvent } from './events';

/** What may have happened before the telling began that is not told: the first time, and after too long a while away. */
export type Missed = 'nothing' | 'some' | 'all';

interface Listener {
  /** From now on all that happens is told. */
  onBegun: (missed: Missed) => void;
  onEvent: (event: LiveEvent) => void;
  /** The connection was cut; it is being made again. */
  onCut: () => void;
}

const PATH = '/ws/socket.io';
const LONGEST_PAUSE_MS = 30_000;
/** Tokens of some issuers are good for so short that they are about to expire as soon as they are given. */
const RENEWAL_PAUSE_MS = 30_000;

/** Opens the connection over which the server tells of news, and keeps it open; answers how to close it. */
export function openChannel(url: string, listener: Listener): () => void {
  const channel = new Channel(url, listener);
  channel.open();
  return () => channel.close();
}

/**
 * Cuts are mended by Socket.IO itself, with growing pauses; what was missed meanwhile is told by number. What the server
 * refuses, as its token is over, is tried again here, with another token.
 */
class Channel {
  private readonly listener: Listener;
  private readonly socket: Socket;
  /** The number of the last event that was told; null before anything is known. */
  private last: number | null = null;
  /** What the connection was made with. */
  private token: string | null = null;
  private refusals = 0;
  private renewedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(url: string, listener: Listener) {
    this.listener = listener;
    // Of an address with a path, Socket.IO would take the path for a namespace.
    this.socket = io(new URL(url, location.origin).origin, {
      path: PATH,
      auth: (give) => void this.giveToken(give),
      transports: ['websocket'],
      reconnectionDelayMax: LONGEST_PAUSE_MS,
      forceNew: true,
      autoConnect: false,
    });
  }

  open(): void {
    this.socket.on('connect', () => this.resume());
    this.socket.on('connect_error', () => {
      // Without an answer the library goes on trying; a refusal is final to it.
      if (!this.socket.active) this.tryAgain();
    });
    this.socket.on('disconnect', (reason) => {
      this.listener.onCut();
      if (reason === 'io server disconnect') this.tryAgain();
    });
    this.socket.onAny((name: string, told: unknown) => this.hear(name, told));
    this.socket.connect();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket.off();
    this.socket.offAny();
    this.socket.disconnect();
  }

  private hear(name: string, told: unknown): void {
    if (name === 'auth:expiring') {
      this.renewSoon();
      return;
    }
    if (name === 'resync') {
      // What was missed is too old to be told; from here on all is.
      this.last = readSeq(told);
      this.listener.onBegun('all');
      return;
    }
    const event = readEvent(told);
    // What was told is told again only where this could not be known.
    if (event === null || event.seq <= (this.last ?? 0)) return;
    this.last = event.seq;
    this.listener.onEvent(event);
  }

  /** Asks for all after the last that was told. The server answers with its present number, and tells in order. */
  private resume(): void {
    const after = this.last;
    this.socket.emit('resume', after === null ? {} : { after }, (answer: unknown) => {
      this.refusals = 0;
      this.last ??= readSeq(answer);
      this.listener.onBegun(after === null ? 'some' : 'nothing');
    });
  }

  private async giveToken(give: (auth: { token: string | null }) => void): Promise<void> {
    // Without one the server refuses, and it is tried again.
    this.token = await bearer().catch(() => null);
    give({ token: this.token });
  }

  private tryAgain(): void {
    this.later(pauseBefore(++this.refusals, null), async () => {
      await this.renew();
      if (!this.isEnded()) this.socket.connect();
    });
  }

  private renewSoon(): void {
    this.later(this.renewedAt + RENEWAL_PAUSE_MS - Date.now(), async () => {
      await this.renew();
      if (this.socket.connected) this.socket.emit('auth:renew', { token: this.token });
    });
  }

  private async renew(): Promise<void> {
    if (this.isEnded()) return;
    this.renewedAt = Date.now();
    // Where that fails, the server ends the connection or refuses it, which is tried again; or nobody is signed in any more.
    this.token = await renew(this.token).catch(() => this.token);
  }

  /** One thing at a time is waited for. */
  private later(ms: number, work: () => Promise<void>): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void work(), Math.max(ms, 0));
  }

  /** Whether nobody wants this connection any more. */
  private isEnded(): boolean {
    return this.isClosed || readSession().status !== 'signed-in';
  }
}
