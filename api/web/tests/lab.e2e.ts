import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { composer, heading, open, settled, signIn } from './hands';
import { origin } from './origin';
import { test } from './scene';
import type { Scene } from './scene';
import { sizes } from './sizes';
import { vitalsOf, watchVitals } from './vitals';

/** So much slower than this machine is the device that is played. */
const SLOWER = 4;
const MOST_LCP_MS = 1_500;
const MOST_CLS = 0.02;
const MOST_INTERACTION_MS = 100;
/** Between two keys, as people type. */
const KEY_MS = 80;

type Press = (target: Locator) => Promise<void>;

interface Visit {
  name: string;
  who: 'guest' | 'consumer' | 'provider';
  address: (scene: Scene) => string;
  title: string | RegExp;
  /** What one does there. */
  act: (page: Page, press: Press) => Promise<void>;
}

const visits: readonly Visit[] = [
  {
    name: 'sign in',
    who: 'guest',
    address: () => '/sign-in',
    title: 'Sign in',
    act: (page) => write(page.getByLabel('E-mail'), 'maya@example.com'),
  },
  {
    name: 'new conversation',
    who: 'guest',
    address: () => '/',
    title: 'New conversation',
    act: (page) => write(composer(page), 'I need a haircut'),
  },
  {
    name: 'conversation',
    who: 'consumer',
    address: ({ sessionId }) => `/chat/${sessionId}`,
    title: /./,
    act: (page) => write(composer(page), 'make it up to $80'),
  },
  {
    name: 'requests',
    who: 'consumer',
    address: () => '/requests',
    title: 'Your requests',
    act: (page, press) => chooseTabs(page, press, [/^Open/, /^Upcoming/, /^All/]),
  },
  {
    name: 'request with offers',
    who: 'consumer',
    address: ({ requestId }) => `/requests/${requestId}`,
    title: /^Haircut in /,
    act: openTwice,
  },
  {
    name: 'providers',
    who: 'consumer',
    address: () => '/providers',
    title: 'Find providers',
    act: (page) => write(page.getByLabel('Words'), 'curly hair'),
  },
  {
    name: 'leads',
    who: 'provider',
    address: () => '/work',
    title: 'Leads',
    act: (page, press) => chooseTabs(page, press, [/^Offered/, /^Passed/, /^To answer/]),
  },
];

async function write(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.pressSequentially(text, { delay: KEY_MS });
  await expect(field).toHaveValue(text);
}

async function chooseTabs(page: Page, press: Press, names: readonly RegExp[]): Promise<void> {
  for (const name of names) {
    const tab = page.getByRole('tab', { name });
    await press(tab);
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    await settled(page);
  }
}

/** The first time its code is loaded, the second time it is there. */
async function openTwice(page: Page, press: Press): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (let times = 0; times < 2; times++) {
    await press(page.getByRole('button', { name: 'Accept' }).first());
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
}

/** From now on the page is on a slow device, which has nothing of the client yet. */
async function slowDown(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

test.beforeAll(async () => {
  const html = await (await fetch(`${origin}/app/`)).text();
  expect(html, 'this is `npm run dev`; what is measured is the client as it is published').not.toContain('/@vite/');
});

for (const [size, screen] of Object.entries(sizes)) {
  test.describe(size, () => {
    test.use(screen);
    for (const { name, who, address, title, act } of visits) {
      test(`${name} is there soon, holds still, and answers at once`, async ({ page, scene }) => {
        // Once something of the client was there, the browser process that is slowed down is that of its pages.
        await (who === 'guest' ? open(page, '/favicon.svg') : signIn(page, scene[who]));
        await watchVitals(page);
        await slowDown(page);

        await open(page, address(scene));
        await expect(heading(page, title)).toHaveCount(1);
        await settled(page);
        const { lcp } = await vitalsOf(page);
        await act(page, (target) => (screen.hasTouch ? target.tap() : target.click()));
        const { cls, interaction } = await vitalsOf(page);

        const figures = `LCP ${Math.round(lcp)} ms, CLS ${cls.toFixed(4)}, interaction ${interaction} ms`;
        console.log(`figure: lab: ${size}, ${name}: ${figures}`);
        expect(lcp, 'nothing was painted').toBeGreaterThan(0);
        expect.soft(lcp, `LCP of ${name}`).toBeLessThanOrEqual(MOST_LCP_MS);
        expect.soft(cls, `CLS of ${name}`).toBeLessThanOrEqual(MOST_CLS);
        expect.soft(interaction, `interaction on ${name}`).toBeLessThanOrEqual(MOST_INTERACTION_MS);
      });
    }
  });
}
