import { expect, test } from '@playwright/test';
import { answered, answers, composer, said, say, signIn, signUp } from './hands';

const NEED = 'I need a haircut for curly hair in Albany this weekend, about $60';

test('offline and back: what is said meanwhile is kept, and sent by itself', async ({ page, context }) => {
  await signUp(page, 'Maya Lind');
  await say(page, 'Hello');

  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await composer(page).fill(NEED);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(said(page, NEED)).toContainText('Sending…');
  await composer(page).fill('and one more thing');

  await context.setOffline(false);
  await answered(page, 2);
  await expect(page.getByText('You are offline.')).toBeHidden();
  await expect(said(page, NEED)).toHaveCount(1);
  await expect(composer(page)).toHaveValue('and one more thing');
});

test('what was said offline survives a reload', async ({ page, context }) => {
  await signUp(page, 'Maya Lind');
  await say(page, 'Hello');
  await page.route('**/chat', (route) => route.abort('internetdisconnected'));
  await composer(page).fill(NEED);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('Your message is kept.')).toBeVisible();

  await page.reload();
  await expect(said(page, NEED)).toBeVisible();
  await page.unroute('**/chat');
  await context.setOffline(true);
  await context.setOffline(false);
  await answered(page, 2);
  await expect(said(page, NEED)).toHaveCount(1);
});

test('a reload in mid-stream: the answer comes all the same, once', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  // Nothing of the answer is heard before the reload, however fast the model is.
  await page.route('**/chat/stream/**', (route) => route.abort());
  await page.route('**/chat/status/**', (route) => route.abort());
  const taken = page.waitForResponse((response) => new URL(response.url()).pathname === '/chat' && response.ok());
  await composer(page).fill(NEED);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await taken;
  await expect(page).toHaveURL(/\/chat\/[0-9a-f-]{36}$/);
  await composer(page).fill('still typing');

  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await answered(page, 1);
  await expect(said(page, NEED)).toHaveCount(1);
  await expect(composer(page)).toHaveValue('still typing');

  await page.reload();
  await answered(page, 1);
});

test('a stream that breaks off goes on where it was', async ({ page }) => {
  await signUp(page, 'Maya Lind');
  const resumed: string[] = [];
  await page.route('**/chat/stream/**', async (route, request) => {
    const after = request.headers()['last-event-id'];
    if (after !== undefined) resumed.push(after);
    if (resumed.length > 0) return route.continue();
    const response = await route.fetch();
    const events = (await response.text()).split('\n\n');
    // The first half of what was told, and then nothing.
    const told = events.slice(0, Math.ceil(events.length / 2));
    return route.fulfill({ response, body: `${told.join('\n\n')}\n\n` });
  });
  const answer = await say(page, NEED);
  const text = await answer.innerText();
  expect(resumed.map(Number)).toEqual([expect.any(Number)]);
  expect(Number(resumed[0])).toBeGreaterThan(0);

  await page.reload();
  await expect(await answered(page, 1)).toContainText(text, { useInnerText: true });
});

test('a second device sees the same, and what the first one says', async ({ page, browser }) => {
  const account = await signUp(page, 'Maya Lind');
  await say(page, NEED);
  const address = new URL(page.url()).pathname;

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signIn(other, account);
  await other.goto(address);
  await answered(other, 1);
  await expect(said(other, NEED)).toHaveCount(1);
  const text = await answers(page).first().innerText();
  await expect(answers(other).first()).toContainText(text, { useInnerText: true });

  await say(page, 'make it $80');
  // Whoever comes back to the page sees what is new.
  await other.bringToFront();
  await other.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await answered(other, 2);
  await expect(said(other, 'make it $80')).toHaveCount(1);
  await elsewhere.close();
});
