import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { call } from '../src/api/call';
import { answered, composer, fillInSignUp, heading, open, said, say, signIn, signUp } from './hands';
import { letTimePass } from './operator';
import { accepts, anyCity, asks, becomesProvider, hasLead, offers, registers, rests, signedIn } from './town';
import type { Api } from './town';

/** A photo for a portfolio. */
const photo = fileURLToPath(new URL('../../../tests/eval/agent/photos/work.png', import.meta.url));

const needIn = (city: string) => `I need a haircut for curly hair in ${city}, any time, up to $90`;

test('a guest says what they need, signs up, and the conversation goes on with its draft', async ({ page }) => {
  const city = anyCity();
  await open(page, '/');
  await say(page, needIn(city));
  const draft = page.getByRole('region', { name: 'Draft: Your request' });
  await expect(draft).toContainText(city);
  await composer(page).fill('yes please');

  await draft.getByRole('link', { name: 'Create an account' }).click();
  await fillInSignUp(page, 'Maya Lind');
  await expect(page).toHaveURL(/\/chat\/[0-9a-f-]{36}$/);
  await expect(said(page, city)).toHaveCount(1);
  await expect(draft).toContainText(city);
  await expect(composer(page)).toHaveValue('yes please');

  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await answered(page, 2);
  await expect(draft).toBeHidden();
  await open(page, '/requests?tab=all');
  await expect(page.getByRole('list', { name: 'All requests' }).getByRole('listitem')).toHaveCount(1);
});

test('a consumer chats, approves the draft, compares offers and books one', async ({ page }) => {
  const city = anyCity();
  const [near, far] = await Promise.all(
    ['Ann Diaz', 'Bob Stone'].map(async (name) => becomesProvider(await registers(name), city)),
  );
  if (near === undefined || far === undefined) throw new Error('Nobody came.');
  const account = await signUp(page, 'Maya Lind');
  await say(page, needIn(city));
  const draft = page.getByRole('region', { name: 'Draft: Your request' });
  await draft.getByRole('button', { name: 'Post request' }).click();
  await answered(page, 2);
  await expect(draft).toBeHidden();

  const requestId = await onlyRequest(await signedIn(account));
  await Promise.all([near, far].map((provider) => offers(provider, requestId)));
  await open(page, `/requests/${requestId}`);
  await expect(heading(page, `Haircut in ${city}`)).toBeVisible();
  const offered = page.getByRole('list', { name: 'Offers', exact: true }).getByRole('listitem');
  await expect(offered.filter({ hasText: far.business })).toBeVisible();
  await offered.filter({ hasText: near.business }).getByRole('button', { name: 'Accept' }).click();

  const dialog = page.getByRole('dialog', { name: `Book ${near.business}` });
  await dialog.getByRole('radio').first().check();
  await dialog.getByLabel('Instructions').fill('Ring twice.');
  await dialog.getByRole('button', { name: 'Book' }).click();

  await expect(heading(page, `Haircut with ${near.business}`)).toBeVisible();
  await expect(page.getByRole('link', { name: '+1 718 555 0100' })).toBeVisible();
  await open(page, '/bookings');
  await expect(page.getByRole('link', { name: near.business })).toBeVisible();
  await Promise.all([near, far].map(rests));
});

test('a provider enrolls by form, offers, is booked, completes, and is reviewed', async ({ page, browser }) => {
  const city = anyCity();
  const account = await signUp(page, 'Ann Diaz');
  const business = `Curls of ${account.email.slice(0, 8)}`;
  await enrolls(page, business, city);
  const api = await signedIn(account);
  const providerId = await ownProvider(api);

  // A lead, by somebody else.
  const consumer = await registers('Maya Lind');
  const request = await asks(consumer, city);
  await hasLead({ ...account, id: '', api, providerId, business }, request.id);
  await page.getByRole('link', { name: 'See your leads' }).click();
  await page.getByRole('link', { name: '3B curls, shoulder length' }).click();

  // An offer, as it is suggested.
  await page.getByRole('button', { name: 'Suggest an offer' }).click();
  await expect(page.getByRole('group', { name: 'Suggested price' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Picked' }).getByRole('listitem')).not.toHaveCount(0);
  await page.getByLabel('Price', { exact: true }).fill('55');
  await page.getByRole('button', { name: 'Send offer' }).click();
  await expect(page.getByRole('heading', { name: 'Your offer: Haircut' })).toBeVisible();

  // The booking, and time passes.
  const { items } = await call(
    consumer.api.GET('/requests/{request_id}/offers', { params: { path: { request_id: request.id } } }),
  );
  const offer = items.find(({ provider_id: id }) => id === providerId);
  if (offer === undefined) throw new Error('The offer did not arrive.');
  expect(offer.price_cents).toBe(5_500);
  const booking = await accepts(consumer, offer);
  await open(page, '/work/bookings');
  await expect(page.getByRole('link', { name: /For Maya/ })).toBeVisible();
  await letTimePass(booking.id);

  await open(page, '/work/bookings?tab=open');
  await page.getByRole('button', { name: 'The work is done' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'The work is done' }).click();
  await expect(page.getByText('The booking is completed.')).toBeVisible();

  // The review, on the customer's device.
  const elsewhere = await browser.newContext();
  const theirs = await elsewhere.newPage();
  await signIn(theirs, consumer);
  await open(theirs, `/bookings/${booking.id}`);
  await theirs.getByRole('group', { name: 'All in all' }).getByRole('radio', { name: '5 stars' }).focus();
  await theirs.keyboard.press('Space');
  await theirs.getByLabel(`How was it with ${business}?`).fill('Lovely curls.');
  await theirs.getByRole('button', { name: 'Post review' }).click();
  await expect(theirs.getByRole('button', { name: 'Post review' })).toBeHidden();
  await expect(theirs.getByText('Lovely curls.')).toBeVisible();
  await elsewhere.close();

  // As others see it, without leaving the document: both pages read the same services.
  await open(page, '/work/services');
  await expect(page.getByRole('list', { name: 'Services' })).toContainText('Haircut');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Business profile' }).click();
  await page.getByRole('link', { name: 'As others see it' }).click();
  await expect(heading(page, business)).toBeVisible();
  await expect(page.getByText('Lovely curls.')).toBeVisible();
  await rests({ api, providerId });
});

/** Becomes a provider of haircuts by the form, who works every day from nine on. */
async function enrolls(page: Page, business: string, city: string): Promise<void> {
  await open(page, '/enroll');
  await page.getByRole('button', { name: 'Fill in the form' }).click();
  await page.getByLabel('Name of your business').fill(business);
  await page.getByLabel('City or neighbourhood').fill(city);
  await page.getByLabel('Phone').fill('+1 718 555 0100');
  await page.getByRole('link', { name: 'Next: Services' }).click();

  await page.getByLabel('Add a service').selectOption({ label: 'Haircut' });
  await page.getByRole('button', { name: 'Add', exact: true }).last().click();
  await page.getByLabel('Price from').fill('40');
  await page.getByLabel('up to').fill('80');
  await page.getByLabel('At the customer’s place').uncheck();
  await page.getByRole('link', { name: 'Next: Hours' }).click();

  await page.getByRole('button', { name: 'Add hours on Monday' }).click();
  await page.getByRole('button', { name: 'Copy Monday to every day' }).click();
  await page.getByRole('link', { name: 'Next: Photos' }).click();

  await page.getByLabel('Add photos or films').setInputFiles(photo);
  await expect(page.getByLabel('What it shows')).toBeVisible();
  await page.getByRole('link', { name: 'Next: Send it in' }).click();
  await page.getByRole('button', { name: 'Send it in' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome. You are a provider now.' })).toBeVisible();
}

async function onlyRequest(api: Api): Promise<string> {
  const { items } = await call(api.GET('/requests'));
  const [request] = items;
  if (request === undefined || items.length > 1) throw new Error(`There are ${items.length} requests.`);
  return request.id;
}

async function ownProvider(api: Api): Promise<string> {
  const { provider_id: id } = await call(api.GET('/enrollment/mine'));
  if (id == null) throw new Error('The enrollment has no provider.');
  return id;
}
