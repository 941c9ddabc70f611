import { render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { json, problem } from '../test/answers';
import { Boundary } from '../ui/boundary';

const DSN = 'https://key@errors.example/7';

let stop = (): void => undefined;

/** A page whose server names this project of Sentry; and what was sent there. */
async function openPage(dsn: string | null) {
  const sent: string[] = [];
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    if (input instanceof Request) {
      asked.push(new URL(input.url).pathname);
      return json({ sentry_dsn: dsn, release: 'proxie@1.2.3' });
    }
    sent.push(await new Response(init?.body ?? null).text());
    return json({});
  });
  vi.resetModules();
  const [reports, errors] = await Promise.all([import('./reports'), import('../api/errors')]);
  stop();
  stop = reports.startReports();
  return { sent, asked, reports, errors };
}

function Failing({ error }: { error: Error }): never {
  throw error;
}

function rejectWith(reason: unknown): void {
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason }));
}

beforeEach(() => {
  // Boundaries tell of every error that they caught.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  history.replaceState(null, '', '/here?text=My+secret');
});

it('reports what a boundary caught, with the request of the API that failed, and nothing personal', async () => {
  const { sent, reports, errors } = await openPage(DSN);
  const answer = problem(500, 'unavailable', 'For you only.');
  const error = new errors.ApiError(answer, await answer.clone().json());

  render(
    <Boundary fallback={() => <p>Sorry</p>}>
      <Failing error={new Error('It broke', { cause: error })} />
    </Boundary>,
    { onCaughtError: reports.reportCaught },
  );

  expect(screen.getByText('Sorry')).toBeDefined();
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toContain('It broke');
  expect(sent[0]).toContain('"request_id":"r-1"');
  expect(sent[0]).toContain('"release":"proxie@1.2.3"');
  expect(sent[0]).toContain('"page":"/here"');
  expect(sent[0]).toContain('Failing');
  expect(sent[0]).not.toContain('secret');
  expect(sent[0]).not.toContain('For you only');
  expect(sent[0]).not.toContain('"breadcrumbs":[{');
});

it('reports what nobody caught, also from before it was known where to', async () => {
  const { sent } = await openPage(DSN);

  rejectWith(new Error('Too early'));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  window.dispatchEvent(new ErrorEvent('error', { error: new Error('Later') }));
  await vi.waitFor(() => expect(sent).toHaveLength(2));

  expect(sent[0]).toContain('Too early');
  expect(sent[0]).toContain('"handled":false');
  expect(sent[1]).toContain('Later');
});

it('does not report that the network is away', async () => {
  const { sent, errors } = await openPage(DSN);

  rejectWith(new errors.NetworkError(new TypeError('Failed to fetch')));
  rejectWith(new Error('Something else'));

  await vi.waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toContain('Something else');
});

it('loads nothing of Sentry where the server names no project', async () => {
  const opened = vi.fn();
  vi.doMock('./sentry', () => ({ openSentry: opened }));
  const { sent, asked } = await openPage(null);

  rejectWith(new Error('It broke'));
  await vi.waitFor(() => expect(asked).toEqual(['/app/config.json']));
  await new Promise((resolve) => setTimeout(resolve, 10));
  rejectWith(new Error('It broke again'));

  expect(opened).not.toHaveBeenCalled();
  expect(sent).toHaveLength(0);
  vi.doUnmock('./sentry');
});
