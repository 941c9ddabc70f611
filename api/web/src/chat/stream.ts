import { send } from '../api/client';
import { ApiError, NetworkError } from '../api/errors';
import { readTaskEvent } from './task-events';
import type { TaskEvent } from './task-events';

/** The API sends something every ten seconds: what says nothing for longer is dead, or held back on the way. */
const SILENCE_MS = 25_000;

/** There is an answer, but no stream in it: something on the way does not let it through. */
export class NoStreamError extends Error {
  override name = 'NoStreamError';
}

/** What is told of a task after the event of this number. Ends with the stream, be that the end of the task or not. */
export async function* streamTask(taskId: string, after: number, signal: AbortSignal): AsyncGenerator<TaskEvent> {
  const connection = new AbortController();
  const end = () => connection.abort();
  signal.addEventListener('abort', end);
  let silence = setTimeout(end, SILENCE_MS);
  try {
    const body = await openStream(taskId, after, connection.signal);
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE_MS);
    };
    for await (const event of readEvents(body, heard)) {
      const told = readTaskEvent(event);
      if (told !== null) yield told;
    }
  } catch (error) {
    // Aborted by silence: nobody asked for that.
    throw connection.signal.aborted && !signal.aborted ? new NetworkError(error) : error;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
    connection.abort();
  }
}

async function openStream(taskId: string, after: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const url = new URL(`/chat/stream/${taskId}`, location.origin);
  const headers = { Accept: 'text/event-stream', ...(after > 0 && { 'Last-Event-ID': String(after) }) };
  const response = await send(new Request(url, { headers, signal }));
  if (!response.ok) throw new ApiError(response, await response.json().catch(() => null));
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (!isStream || response.body === null) throw new NoStreamError('The answer is no stream of events.');
  return response.body;
}

/** An event as it was sent. */
export interface ServerEvent {
  id: string;
  name: string;
  data: string;
}

/** Reads Server-Sent Events (HTML, 9.2.6). An event that is cut off at the end is none. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  heard: () => void = () => undefined,
): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      yield* parser.read(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Who stops listening closes the connection; one that is broken is closed already.
    reader.cancel().catch(() => undefined);
  }
}

class EventParser {
  private rest = '';
  private id = '';
  private name = '';
  private data: string[] = [];

  *read(text: string): Generator<ServerEvent> {
    // A carriage return at the end may be half of a line's end.
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.take(line);
      else {
        if (this.data.length > 0) yield { id: this.id, name: this.name || 'message', data: this.data.join('\n') };
        this.name = '';
        this.data = [];
      }
    }
  }

  private take(line: string): void {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.name = value;
    else if (field === 'id' && !value.includes('\0')) this.id = value;
  }
}
