import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { fresh } from './town';

/** What somebody signs in with. */
export interface Account {
  name: string;
  email: string;
  password: string;
}

/** What is not there yet, and what stands in its place. */
const BUSY = '[aria-busy="true"], [data-skeleton]';

/** Goes to a page of the client by its address, as by a link from elsewhere. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(`/app${address}`);
}

/** Waits until all that a page shows is there. What goes on behind it (streams, long polls) does not count. */
export async function settled(page: Page): Promise<void> {
  await expect(heading(page, /./).first()).toBeAttached();
  await expect(page.locator(BUSY)).toHaveCount(0);
}

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** Fills in the page for new accounts, on which one is already. */
export async function fillInSignUp(page: Page, name: string): Promise<Account> {
  const account = { name, email: `${fresh()}@example.com`, password: `secret-${fresh()}` };
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(accountMenu(page)).toBeVisible();
  return account;
}

export async function signUp(page: Page, name: string): Promise<Account> {
  await open(page, '/sign-up');
  return fillInSignUp(page, name);
}

export async function signIn(page: Page, { email, password }: Account): Promise<void> {
  await open(page, '/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(accountMenu(page)).toBeVisible();
}

function accountMenu(page: Page): Locator {
  return page.getByRole('button', { name: /^Account/ });
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Your message' });
}

/** What the person said in the conversation that is looked at. */
export function said(page: Page, text: string | RegExp): Locator {
  return page.getByRole('article', { name: 'You' }).filter({ hasText: text });
}

/** What was answered there, and what is on its way. */
export function answers(page: Page): Locator {
  return page.getByRole('article', { name: 'Proxie' });
}

/** Says something and waits for the answer, which it returns. */
export async function say(page: Page, text: string): Promise<Locator> {
  await expect(composer(page)).toBeVisible();
  const before = await answers(page).count();
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  return answered(page, before + 1);
}

/** Waits until so many answers are there, all of them complete; returns the last one. */
export async function answered(page: Page, count: number): Promise<Locator> {
  await expect(answers(page)).toHaveCount(count, { timeout: 60_000 });
  const last = answers(page).nth(count - 1);
  await expect(last).not.toHaveAttribute('aria-busy', 'true', { timeout: 60_000 });
  // Nor does anything in it wait for the code that shows it.
  await expect(last.locator(BUSY)).toHaveCount(0);
  return last;
}

/** Goes on by Tab until something has the focus, as people do who use no mouse. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let steps = 0; steps < 200; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Two hundred Tabs did not lead there.');
}
