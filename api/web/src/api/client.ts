import createClient from 'openapi-fetch';
import { reach } from './call';
import type { components, paths } from './schema';
import { bearer, keepGuest, renew } from './session';

export { call } from './call';

/** A view or body of the API, by its name there. */
export type View<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Every call of the API, as whoever sits here. */
export const client = createClient<paths>({ baseUrl: location.origin, fetch: send });

/**
 * Sends a request with the token of who sits here. What is refused with 401 is sent once more, with a new token. For what
 * {@link client} cannot do, as following a stream.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await bearer();
  const response = await reach(withToken(request, token));
  const answer = response.status === 401 ? await reach(withToken(again, await renew(token))) : response;
  await keepGuestOf(request, answer);
  return answer;
}

function withToken(request: Request, token: string | null): Request {
  if (token !== null) request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

/** A message of somebody without a token makes a guest; one of an old guest brings a fresh token. */
async function keepGuestOf(request: Request, answer: Response): Promise<void> {
  if (request.method !== 'POST' || new URL(request.url).pathname !== '/chat' || !answer.ok) return;
  const said: unknown = await answer.clone().json();
  if (typeof said === 'object' && said !== null && 'guest_token' in said && typeof said.guest_token === 'string') {
    keepGuest(said.guest_token);
  }
}
