import { beforeEach, describe, expect, it, vi } from 'vitest';
import { json, playApi, problem } from '../test/answers';

const user = { id: 'u-1', role: 'consumer', name: 'Maya' } as const;
const signIn = (token: string) => ({
  access_token: token,
  refresh_token: null,
  token_type: 'Bearer',
  expires_in: 900,
  user,
});

/** A page that was just opened. */
async function openPage() {
  vi.resetModules();
  const [{ client, call }, session, errors] = await Promise.all([
    import('./client'),
    import('./session'),
    import('./errors'),
  ]);
  return { me: () => call(client.GET('/auth/me')), client, call, session, errors };
}

/** An API where only one token is good, and `/auth/refresh` gives the next one. */
function playSessions(refresh: () => Response) {
  let good = 'none';
  return playApi((request) => {
    const path = new URL(request.url).pathname;
    if (path === '/auth/refresh') {
      const answer = refresh();
      if (answer.ok) good = 'fresh';
      return answer;
    }
    const isGood = request.headers.get('authorization') === `Bearer ${good}`;
    return isGood ? json({ ...user, email: 'maya@example.com' }) : problem(401, 'unauthenticated', 'Sign in.');
  });
}

/** Locks as browsers have them, of one name. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: <Result>(_: string, work: () => Promise<Result>): Promise<Result> => {
      const next = last.then(work, work);
      last = next;
      return next;
    },
  };
}

beforeEach(() => vi.unstubAllGlobals());

describe('a call that is refused', () => {
  it('renews the token once for all calls of the moment, and is made once more', async () => {
    const asked = playSessions(() => json(signIn('fresh')));
    const { me, session } = await openPage();
    session.enter(signIn('stale'));

    const answers = await Promise.all([me(), me(), me()]);

    expect(answers.map(({ id }) => id)).toEqual(['u-1', 'u-1', 'u-1']);
    expect(asked.filter((call) => call === 'POST /auth/refresh')).toHaveLength(1);
    expect(asked.filter((call) => call === 'GET /auth/me')).toHaveLength(6);
  });

  it('asks for a token first when there is none yet', async () => {
    localStorage.setItem('proxie.user', 'u-1');
    const asked = playSessions(() => json(signIn('fresh')));
    const { me } = await openPage();

    await me();

    expect(asked).toEqual(['POST /auth/refresh', 'GET /auth/me']);
  });

  it('ends the session when the refresh is refused', async () => {
    const asked = playSessions(() => problem(401, 'unauthenticated', 'Sign in again.'));
    const { me, session } = await openPage();
    session.enter(signIn('stale'));

    await expect(me()).rejects.toMatchObject({ status: 401, detail: 'Sign in again.' });

    expect(session.readSession()).toEqual({ status: 'guest' });
    expect(localStorage.getItem('proxie.user')).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('signs nobody out when the refresh could not be asked for', async () => {
    playSessions(() => problem(503, 'unavailable', 'In a moment.'));
    const { me, session } = await openPage();
    session.enter(signIn('stale'));

    await expect(me()).rejects.toMatchObject({ code: 'unavailable', retryAfter: 7 });

    expect(session.readSession().status).toBe('signed-in');
  });

  it('renews in one tab at a time, as a refresh token is good once', async () => {
    localStorage.setItem('proxie.user', 'u-1');
    vi.stubGlobal('navigator', { locks: oneAtATime() });
    let running = 0;
    playApi(async (request) => {
      if (!request.url.endsWith('/auth/refresh')) return json(user);
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const together = running > 1;
      running -= 1;
      return together ? problem(401, 'unauthenticated', 'Used twice.') : json(signIn('fresh'));
    });
    const [one, other] = [await openPage(), await openPage()];

    const answers = await Promise.all([one.me(), other.me()]);

    expect(answers.map(({ id }) => id)).toEqual(['u-1', 'u-1']);
  });

  it('makes somebody without a token a guest', async () => {
    const asked = playApi((request) => {
      if (request.url.endsWith('/auth/guest')) return json({ ...signIn('guest-token') }, 201);
      const isGuest = request.headers.get('authorization') === 'Bearer guest-token';
      return isGuest ? json({ items: [], next_cursor: null }) : problem(401, 'unauthenticated', 'Sign in.');
    });
    const { client, call } = await openPage();

    await call(client.GET('/providers'));

    expect(asked).toEqual(['GET /providers', 'POST /auth/guest', 'GET /providers']);
    expect(localStorage.getItem('proxie.guest')).toBe('guest-token');
  });
});

describe('what a call throws', () => {
  it('says what the API said', async () => {
    playApi(() =>
      problem(422, 'invalid', 'Two things are wrong.', { errors: [{ pointer: '/body/city', message: 'Say a city.' }] }),
    );
    const { me, errors } = await openPage();

    const error: unknown = await me().catch((thrown: unknown) => thrown);

    expect(errors.detailOf(error)).toBe('Two things are wrong.');
    expect(error).toMatchObject({
      status: 422,
      code: 'invalid',
      requestId: 'r-1',
      errors: [{ pointer: '/body/city', message: 'Say a city.' }],
    });
  });

  it('is friendly when nobody was reached', async () => {
    playApi(() => Promise.reject(new TypeError('Failed to fetch')));
    const { me, errors } = await openPage();

    const error: unknown = await me().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(errors.NetworkError);
    expect(errors.detailOf(error)).toMatch(/cannot be reached/);
  });
});

it('keeps the token of the guest whom a message made', async () => {
  playApi(() => json({ task_id: 't', session_id: 's', status: 'processing', guest_token: 'made' }, 202));
  const { client, call } = await openPage();

  await call(client.POST('/chat', { body: { message: 'Hello' } }));

  expect(localStorage.getItem('proxie.guest')).toBe('made');
});
