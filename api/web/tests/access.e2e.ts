import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { answered, answers, composer, heading, open, said, say, settled, signIn, signUp, tabTo } from './hands';
import { pages, roles } from './pages';
import { test } from './scene';
import { anyCity, asks, becomesProvider, offers, registers, rests } from './town';

/** WCAG 2.2 at the levels A and AA. */
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The rule on how large what is pressed must be. */
const TARGETS = 'target-size';

/** Each rule that is broken, and where. */
async function violations(page: Page, narrow = (axe: AxeBuilder) => axe): Promise<string[]> {
  const found = await narrow(new AxeBuilder({ page }).withTags(LEVELS)).analyze();
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/**
 * Targets that are too small, in a window as high as the page: what lies behind a bar at the bottom for now can be scrolled from
 * there, and axe would take what of it is seen for all there is.
 */
async function smallTargets(page: Page): Promise<string[]> {
  const size = page.viewportSize() ?? { width: 0, height: 0 };
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...size, height: Math.max(size.height, whole) });
  try {
    return await violations(page, (axe) => axe.withRules(TARGETS));
  } finally {
    await page.setViewportSize(size);
  }
}

/** Phones zoom out over what is too wide, so their inner width says nothing. */
async function isTooWide(page: Page): Promise<boolean> {
  const width = page.viewportSize()?.width ?? 0;
  return (await page.evaluate(() => document.documentElement.scrollWidth)) > width;
}

test('no page is left out', ({ scene }) => {
  const table = readFileSync(new URL('../src/routes.tsx', import.meta.url), 'utf8');
  const routes = [...table.matchAll(/paths: \[([^\]]+)\]/g)].flatMap(([, paths = '']) =>
    [...paths.matchAll(/'([^'*]+)'/g)].map(([, path = '']) => path),
  );
  const visited = pages.map(({ address }) => address(scene).replace(/\?.*/, ''));
  const isVisited = (route: string) => visited.some((address) => patternOf(route).test(address));
  expect(routes.length).toBeGreaterThan(25);
  expect(routes.filter((route) => !isVisited(route))).toEqual([]);
});

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const role of roles) {
    test(`accessible: pages of role ${role}, ${colorScheme}`, async ({ page, scene }) => {
      test.setTimeout(600_000);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (role !== 'guest') await signIn(page, scene[role]);
      for (const visited of pages.filter((one) => one.role === role)) {
        const address = visited.address(scene);
        await test.step(address, async () => {
          await open(page, address);
          await expect(heading(page, visited.title)).toHaveCount(1);
          await settled(page);
          expect.soft(await isTooWide(page), `${address} is wider than the window`).toBe(false);
          expect.soft(await violations(page, (axe) => axe.disableRules(TARGETS)), address).toEqual([]);
          expect.soft(await smallTargets(page), address).toEqual([]);
        });
      }
    });
  }
}

test('dialogs and menus are accessible, and give the focus back', async ({ page, scene }) => {
  await signIn(page, scene.consumer);
  await open(page, `/requests/${scene.requestId}`);
  const accept = page.getByRole('button', { name: 'Accept' }).first();
  await accept.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(accept).toBeFocused();

  const account = page.getByRole('button', { name: /^Account/ });
  await account.click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(account).toBeFocused();
});

test('a message is written, sent and answered by keyboard alone', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  await open(page, '/');
  await tabTo(page, composer(page));
  await page.keyboard.type('I need a haircut for curly hair in Albany, any time');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('up to $90');
  await page.keyboard.press('Enter');
  await answered(page, 1);
  await expect(said(page, 'up to $90')).toHaveCount(1);

  await tabTo(
    page,
    page.getByRole('region', { name: 'Draft: Your request' }).getByRole('button', { name: 'Post request' }),
  );
  await page.keyboard.press('Enter');
  await answered(page, 2);
  await expect(answers(page)).toHaveCount(2);
});

test('who does not see the page hears that Proxie thinks, and what it answers', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  await open(page, '/');
  await expect(composer(page)).toBeVisible();
  await listens(page);
  const answer = await say(page, 'I need a haircut for curly hair in Albany');
  const [first = ''] = await answer.getByRole('paragraph').allTextContents();
  expect(first).not.toBe('');
  await expect.poll(() => heard(page)).toContain(wordsOf(first));
  expect(await heard(page)).toMatch(/^Proxieisthinking\./);
});

/** From now on notes what is read out by itself: what comes into a live region that was there before. */
async function listens(page: Page): Promise<void> {
  await page.evaluate(() => {
    let heard = '';
    for (const region of document.querySelectorAll('main [role="status"], main [aria-live="polite"]')) {
      const note = () => {
        heard += region.textContent;
        document.documentElement.dataset['heard'] = heard;
      };
      new MutationObserver(note).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
}

async function heard(page: Page): Promise<string> {
  return wordsOf((await page.locator('html').getAttribute('data-heard')) ?? '');
}

/** How it is broken into lines is not heard. */
function wordsOf(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

test('an offer is accepted by keyboard alone', async ({ page }) => {
  const city = anyCity();
  const consumer = await registers('Maya Lind');
  const provider = await becomesProvider(await registers('Ann Diaz'), city);
  const request = await asks(consumer, city);
  await offers(provider, request.id);
  await signIn(page, consumer);

  await open(page, `/requests/${request.id}`);
  await tabTo(page, page.getByRole('button', { name: 'Accept' }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Book ${provider.business}` });
  await tabTo(page, dialog.getByRole('radio').first());
  await page.keyboard.press('Space');
  await expect(dialog.getByRole('radio').first()).toBeChecked();
  await tabTo(page, dialog.getByRole('button', { name: 'Book' }));
  await page.keyboard.press('Enter');
  await expect(heading(page, `Haircut with ${provider.business}`)).toBeFocused();
  await rests(provider);
});

test('the first Tab leads past the navigation', async ({ page }) => {
  await open(page, '/providers');
  await expect(heading(page, /./)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('who chooses among tabs keeps the focus there', async ({ page, scene }) => {
  await signIn(page, scene.consumer);
  await open(page, '/bookings');
  await tabTo(page, page.getByRole('tab', { name: 'Upcoming' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Done' })).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/tab=completed/);
  await expect(page.getByRole('tab', { name: 'Done' })).toBeFocused();
});
