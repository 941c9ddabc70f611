import { expect, it, vi } from 'vitest';
import { json, playApi, problem } from '../test/answers';

const nothing = { realtimeUrl: null, clerkPublishableKey: null, sentryDsn: null, release: null };

/** A visit that has just begun. */
async function openPage() {
  vi.resetModules();
  return import('./config');
}

it('asks once, however many want to know', async () => {
  const told = { realtime_url: 'https://live.example', clerk_publishable_key: null, release: 'proxie@1' };
  const asked = playApi(() => json(told));
  const { askConfig } = await openPage();

  const [one, other] = await Promise.all([askConfig(), askConfig()]);

  expect(one).toEqual({ ...nothing, realtimeUrl: 'https://live.example', release: 'proxie@1' });
  expect(other).toBe(one);
  expect(asked).toHaveLength(1);
});

it.each([
  ['there is none', () => problem(404, 'not_found', 'Nothing is here.')],
  ['a page is answered instead', () => new Response('<!doctype html>')],
  ['it is something else', () => json({ realtime_url: 7, sentry_dsn: '' })],
])('is nothing where %s', async (_, answer) => {
  playApi(answer);
  const { askConfig } = await openPage();
  expect(await askConfig()).toEqual(nothing);
});

it('is asked for again after it could not be had', async () => {
  const answers = [() => problem(503, 'unavailable', 'In a moment.'), () => json({ release: 'proxie@1' })];
  playApi(() => answers.shift()?.() ?? json({}));
  const { askConfig } = await openPage();

  await expect(askConfig()).rejects.toMatchObject({ status: 503 });

  expect(await askConfig()).toEqual({ ...nothing, release: 'proxie@1' });
});
