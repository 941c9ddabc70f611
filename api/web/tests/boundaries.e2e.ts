import { expect } from '@playwright/test';
import type { Page, Route } from '@playwright/test';
import { answered, composer, heading, open, said, say, signIn, signUp } from './hands';
import { pages, roles } from './pages';
import type { FedPanel, PageToVisit } from './pages';
import { test } from './scene';
import type { Scene } from './scene';
import { anyCity } from './town';

const DETAIL = 'This is down for a test.';

/** What an API says that is down; it may be asked again at once. */
async function isDown(route: Route): Promise<void> {
  await route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    headers: { 'Retry-After': '0' },
    json: {
      type: '/api/docs/errors#unavailable',
      title: 'Unavailable',
      status: 503,
      code: 'unavailable',
      detail: DETAIL,
      request_id: 'test',
    },
  });
}

/** Lets a panel fail, and brings it back by its own button, on the same document. */
async function failsAlone(page: Page, scene: Scene, { address, title }: PageToVisit, panel: FedPanel): Promise<void> {
  const feeds = (url: URL) => panel.fedBy.test(url.pathname);
  await page.route(feeds, isDown);
  await open(page, address(scene));
  const failures = page.getByRole('alert').filter({ hasText: DETAIL });
  await expect(failures.first()).toBeVisible();
  await expect(heading(page, panel.isWhole === true ? 'This page has a problem' : title)).toHaveCount(1);
  await expect(page.getByRole('navigation', { name: 'Main' }).first()).toBeAttached();
  await page.evaluate(() => {
    document.documentElement.dataset['visit'] = 'same';
  });

  await page.unroute(feeds, isDown);
  for (let left = await failures.count(); left > 0; left = await failures.count()) {
    await failures.first().getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => failures.count()).toBeLessThan(left);
  }
  await expect(heading(page, title)).toHaveCount(1);
  await expect(page.locator('html')).toHaveAttribute('data-visit', 'same');
}

for (const role of roles) {
  test(`each part of a page fails alone and comes back: ${role}`, async ({ page, scene }, { project }) => {
    test.setTimeout(600_000);
    if (role !== 'guest') await signIn(page, scene[role]);
    for (const visited of pages.filter((one) => one.role === role)) {
      const seen = visited.panels.filter(({ isWide = false }) => !isWide || project.name === 'desktop');
      for (const panel of seen) {
        await test.step(`${visited.address(scene)}: ${panel.name}`, () => failsAlone(page, scene, visited, panel));
      }
    }
  });
}

test('a conversation that cannot be read says so, and is read again', async ({ page, scene }) => {
  await signIn(page, scene.consumer);
  const isConversation = (url: URL) => /^\/chat\/sessions\/[^/]+$/.test(url.pathname);
  // What is refused is not asked for again by itself.
  const refuse = (route: Route) =>
    route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      json: { type: '', title: 'Conflict', status: 409, code: 'illegal_move', detail: DETAIL, request_id: 'test' },
    });
  await page.route(isConversation, refuse);
  await open(page, `/chat/${scene.sessionId}`);
  const failure = page.getByRole('alert').filter({ hasText: DETAIL });
  await expect(failure).toBeVisible();
  await composer(page).fill('What I was about to say');
  await page.unroute(isConversation, refuse);
  await failure.getByRole('button', { name: 'Try again' }).click();
  await answered(page, 1);
  await expect(composer(page)).toHaveValue('What I was about to say');
});

test('if the code that shows an answer does not come, its words are there, and one can say more', async ({ page }) => {
  await page.route(/\/markdown-text/, (route) => route.abort());
  await signUp(page, 'Maya Lind');
  await say(page, 'Hello');
  await say(page, 'I need a plumber in Albany');
  await expect(said(page, 'I need a plumber in Albany')).toHaveCount(1);
});

test('what is said while the API is down is kept, and sent once it is back', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  await say(page, 'Hello');
  const isChat = (url: URL) => url.pathname === '/chat';
  await page.route(isChat, (route) => route.abort());
  await composer(page).fill('I need a plumber in Albany');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Your message is kept.')).toBeVisible();
  await expect(said(page, 'I need a plumber in Albany')).toContainText('Sending…');
  await page.unroute(isChat);
  await answered(page, 2);
  await expect(said(page, 'I need a plumber in Albany')).toHaveCount(1);
});

test('a form that failed keeps what was entered, and is sent once however often it is tried', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  const city = anyCity();
  const keys: (string | undefined)[] = [];
  const isPost = (url: URL) => url.pathname === '/requests';
  await page.route(isPost, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    keys.push(route.request().headers()['idempotency-key']);
    return keys.length === 1 ? isDown(route) : route.fallback();
  });
  await open(page, '/requests?new=1');
  await page.getByLabel('Service', { exact: true }).selectOption({ label: 'Haircut' });
  await page.getByLabel('City or neighbourhood').fill(city);
  await page.getByLabel('What do you need?').fill('3B curls, shoulder length');
  await page.getByLabel('At most').fill('90');
  await page.getByRole('button', { name: 'Post request' }).click();
  await expect(page.getByRole('alert')).toContainText(DETAIL);
  await expect(page.getByLabel('What do you need?')).toHaveValue('3B curls, shoulder length');
  await expect(page.getByLabel('At most')).toHaveValue('90');

  await page.getByRole('button', { name: 'Post request' }).click();
  await expect(heading(page, `Haircut in ${city}`)).toBeVisible();
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys).toEqual([keys[0], keys[0]]);
});

test('a form that is being filled in survives a reload', async ({ page, scene }) => {
  await signIn(page, scene.provider);
  await open(page, `/work/leads/${scene.leadId}`);
  await page.getByLabel('Price', { exact: true }).fill('57.50');
  await page.getByLabel('Message to Maya').fill('Curls are all I do.');
  await page.reload();
  await expect(page.getByLabel('Price', { exact: true })).toHaveValue('57.50');
  await expect(page.getByLabel('Message to Maya')).toHaveValue('Curls are all I do.');
});

test('signing up fails: nothing that was entered is lost', async ({ page }) => {
  await page.route((url) => url.pathname === '/auth/register', isDown);
  await open(page, '/sign-up');
  await page.getByLabel('Name').fill('Maya Lind');
  await page.getByLabel('E-mail').fill('maya@example.com');
  await page.getByLabel('Password').fill('a long secret');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).toContainText(DETAIL);
  await expect(page.getByLabel('Name')).toHaveValue('Maya Lind');
  await expect(page.getByLabel('E-mail')).toHaveValue('maya@example.com');
  await expect(page.getByLabel('Password')).toHaveValue('a long secret');
});
