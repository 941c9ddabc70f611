import type { components } from './schema';

export type Problem = components['schemas']['ProblemDetails'];

/** What the API refused, or could not do: its `problem+json`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: Problem['code'] | 'unreadable';
  /** A sentence for people: what is wrong and what to do. */
  readonly detail: string;
  readonly requestId: string | null;
  /** With `invalid`: everything that is wrong, by JSON pointer. */
  readonly errors: readonly { pointer: string; message: string }[];
  /** In how many seconds it is worth another try. */
  readonly retryAfter: number | null;
  /** The whole problem, for what some codes tell beside: `slots`, `draft`, `from`, `allowed`. */
  readonly problem: Problem | null;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : null;
    super(problem?.title ?? `HTTP ${response.status}`);
    this.name = 'ApiError';
    this.status = response.status;
    this.code = problem?.code ?? 'unreadable';
    this.detail = problem?.detail ?? 'Proxie answered something unexpected. Please try again in a moment.';
    this.requestId = problem?.request_id ?? response.headers.get('x-request-id');
    this.errors = problem?.errors ?? [];
    this.retryAfter = seconds(response.headers.get('retry-after'));
    this.problem = problem;
  }
}

/** The API was not reached at all. */
export class NetworkError extends Error {
  readonly detail = 'Proxie cannot be reached. Check your connection and try again.';

  constructor(cause: unknown) {
    super('The API was not reached.', { cause });
    this.name = 'NetworkError';
  }
}

/** What to tell somebody about whatever went wrong. */
export function detailOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof NetworkError) return error.detail;
  return 'Something went wrong on this page. Please try again.';
}

/** Whether the API refused with this code. */
export function hasCode(error: unknown, code: ApiError['code']): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** Whether what was asked for is over because nobody waits for it any more. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function seconds(header: string | null): number | null {
  const number = Number(header);
  return header !== null && Number.isFinite(number) ? number : null;
}
