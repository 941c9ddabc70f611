import { vi } from 'vitest';

/** Answers of an API that is played. */
export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  const body = { type: `/api/docs/errors#${code}`, title: code, status, detail, code, request_id: 'r-1', ...more };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '7' },
  });
}

type Play = (request: Request) => Response | Promise<Response>;

/** Plays the API; answers what was asked, as `GET /auth/me`. */
export function playApi(play: Play): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return play(request);
  });
  return asked;
}
