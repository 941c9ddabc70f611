import { expect, test } from '@playwright/test';
import type { Browser, Page, Route } from '@playwright/test';
import { compiler } from 'markdown-to-jsx/html';
import { call } from '../src/api/call';
import { randomBy } from '../src/chat/test/model';
import type { Random } from '../src/chat/test/model';
import type { Message } from '../src/chat/transcript';
import { composer, settled, signIn } from './hands';
import { registers } from './town';
import type { Api } from './town';

/** How often it is played in each size of window: in all 200 times by `bin/verify`. */
const RUNS = Number(process.env['PROXIE_E2E_RUNS'] ?? (process.env['PROXIE_VERIFY'] === '1' ? 100 : 5));
/** What is played follows from it. One run alone is played again by its own seed and PROXIE_E2E_RUNS=1. */
const SEED = Number(process.env['PROXIE_E2E_SEED'] ?? Math.floor(Math.random() * 1e9));

const CONVERSATION = /\/chat\/[0-9a-f-]{36}$/;

/** No two of them are the same, and none is a yes. */
const SENTENCES = [
  'I need a haircut for curly hair in Albany',
  'any time this weekend is fine',
  'make it up to $80',
  'how does this work?',
  'rather next week, in the evening',
  'it should be somebody with experience',
  'I live near the park',
  'what does that cost as a rule?',
  'my hair is **very** long, _shoulder_ and below',
  'could it be in Hoboken?',
  'do you know somebody good?',
  'thank you so far',
];

/** When something happens to what was just said: before anybody knows of it, once it is taken, or when all is quiet. */
type Moment = 'at once' | 'taken' | 'quiet';
type Act = { kind: 'reload' | 'switch' } | { kind: 'elsewhere'; text: string };

/** Something that is said, and what happens then. */
interface Saying {
  text: string;
  /** How much of each stream is heard before it is cut, as a share. */
  cuts: readonly number[];
  moment: Moment;
  acts: readonly Act[];
}

interface Tally {
  runs: number;
  messages: number;
  cuts: number;
  reloads: number;
  switches: number;
  elsewhere: number;
}

test('in the end each device shows what the server has, whatever happened', async ({ browser }, { project }) => {
  test.setTimeout(RUNS * 180_000);
  console.log(`random: ${project.name}: PROXIE_E2E_SEED=${SEED} PROXIE_E2E_RUNS=${RUNS}`);
  const tally: Tally = { runs: 0, messages: 0, cuts: 0, reloads: 0, switches: 0, elsewhere: 0 };
  for (let seed = SEED; seed < SEED + RUNS; seed++) {
    await test.step(`seed ${seed}`, () => play(browser, seed, tally));
  }
  const { runs, messages, cuts, reloads, switches, elsewhere } = tally;
  const happened = `${cuts} streams cut, ${reloads} reloads, ${switches} tab switches`;
  const said = `${messages} messages, ${elsewhere} of them from a second device`;
  console.log(`figure: random: ${project.name}: ${runs} runs, ${happened}, ${said}`);
});

function scriptBy(random: Random): Saying[] {
  const left = [...SENTENCES];
  const sentence = () => left.splice(random(left.length), 1)[0] ?? '';
  const moment = () => (['at once', 'taken', 'quiet'] as const)[random(3)] ?? 'quiet';
  const act = (): Act => {
    const kind = (['reload', 'switch', 'elsewhere'] as const)[random(3)] ?? 'reload';
    return kind === 'elsewhere' ? { kind, text: sentence() } : { kind };
  };
  return Array.from({ length: 1 + random(3) }, () => ({
    text: sentence(),
    cuts: Array.from({ length: random(3) }, () => random(100) / 100),
    moment: moment(),
    acts: Array.from({ length: random(3) }, act),
  }));
}

function saidIn(script: readonly Saying[]): string[] {
  return script.flatMap(({ text, acts }) => [
    text,
    ...acts.flatMap((act) => (act.kind === 'elsewhere' ? [act.text] : [])),
  ]);
}

/** Somebody new, with two devices, goes through a script. */
async function play(browser: Browser, seed: number, tally: Tally): Promise<void> {
  const script = scriptBy(randomBy(seed));
  const person = await registers('Maya Lind');
  const here = await browser.newContext();
  const there = await browser.newContext();
  try {
    const [page, other] = await Promise.all([here.newPage(), there.newPage()]);
    await Promise.all([signIn(page, person), signIn(other, person)]);
    const shares: number[] = [];
    await here.route('**/chat/stream/**', async (route) => {
      const share = shares.shift();
      if (share === undefined) {
        await route.continue();
      } else {
        tally.cuts += 1;
        await cut(route, share);
      }
    });
    for (const { text, cuts, moment, acts } of script) {
      shares.push(...cuts);
      await say(page, text, moment);
      for (const act of acts) await happen(act, page, other, tally);
    }
    await expect(page).toHaveURL(CONVERSATION);
    await compare(person.api, seed, saidIn(script), page, other);
    tally.runs += 1;
    tally.messages += saidIn(script).length;
  } finally {
    await here.unrouteAll({ behavior: 'ignoreErrors' });
    await Promise.all([here.close(), there.close()]);
  }
}

/** Says something, and waits no longer than until a moment. */
async function say(page: Page, text: string, moment: Moment): Promise<void> {
  await composer(page).fill(text);
  const send = page.getByRole('button', { name: 'Send', exact: true });
  if (moment === 'at once') {
    await send.click();
    return;
  }
  const isTaken = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/chat' && answer.ok());
  await Promise.all([isTaken, send.click()]);
  if (moment === 'quiet') await settled(page);
}

async function happen(act: Act, page: Page, other: Page, tally: Tally): Promise<void> {
  switch (act.kind) {
    case 'reload':
      await page.reload();
      tally.reloads += 1;
      break;
    case 'switch': {
      const tab = await page.context().newPage();
      await tab.goto(page.url());
      await expect(composer(tab)).toBeVisible();
      await tab.close();
      await comeBack(page);
      tally.switches += 1;
      break;
    }
    case 'elsewhere':
      // Another device finds the conversation once it has begun.
      await expect(page).toHaveURL(CONVERSATION);
      await lookAt(other, page.url());
      await say(other, act.text, 'at once');
      tally.elsewhere += 1;
      break;
  }
}

/** Lets a share of what a stream tells through, then it ends; some do not begin. */
async function cut(route: Route, share: number): Promise<void> {
  try {
    if (share < 0.1) {
      await route.abort('connectionreset');
    } else {
      const response = await route.fetch();
      const told = await response.text();
      await route.fulfill({ response, body: told.slice(0, Math.floor(told.length * share)) });
    }
  } catch {
    // The page was left meanwhile: nobody listens any more.
    await route.abort().catch(() => undefined);
  }
}

async function lookAt(device: Page, address: string): Promise<void> {
  if (device.url() !== address) await device.goto(address);
}

/** Somebody looks at the page again: without a screen, a browser does not tell so by itself. */
async function comeBack(page: Page): Promise<void> {
  await page.bringToFront();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}

/** Once all is answered: what was said is there once, and what the devices show is what the server has. */
async function compare(api: Api, seed: number, said: string[], page: Page, other: Page): Promise<void> {
  const sessionId = page.url().split('/').at(-1) ?? '';
  const reached = async () => {
    const messages = await messagesOf(api, sessionId);
    const open = messages.filter(({ status }) => status === 'processing');
    return { said: messages.filter(isTheirs).map(({ text }) => text), open: open.length };
  };
  const all = { said: expect.arrayContaining(said), open: 0 };
  await expect.poll(reached, { timeout: 90_000, message: `seed ${seed}: all is answered` }).toEqual(all);

  const messages = await messagesOf(api, sessionId);
  const theirs = messages.filter(isTheirs);
  expect(theirs.map(({ text }) => text).toSorted(), `seed ${seed}: said once`).toEqual(said.toSorted());
  expect([...new Set(theirs.map(({ status }) => status))], `seed ${seed}: answered`).toEqual(['completed']);
  expect(messages, `seed ${seed}: answered once`).toHaveLength(said.length * 2);

  const expected = await asShown(page, messages);
  await lookAt(other, page.url());
  for (const [name, device] of Object.entries({ first: page, second: other })) {
    await comeBack(device);
    await expect.poll(() => shownOn(device), { message: `seed ${seed}: the ${name} device` }).toEqual(expected);
  }
}

/** All that a conversation has, page by page. */
async function messagesOf(api: Api, sessionId: string, cursor?: string): Promise<Message[]> {
  const query = { limit: 5, ...(cursor !== undefined && { cursor }) };
  const params = { path: { session_id: sessionId }, query };
  const { messages } = await call(api.GET('/chat/sessions/{session_id}', { params }));
  const { items, prev_cursor: before } = messages;
  return before == null ? items : [...(await messagesOf(api, sessionId, before)), ...items];
}

function isTheirs({ role }: Message): boolean {
  return role === 'user';
}

/** A message as somebody sees it. */
interface Seen {
  id: string | null;
  by: string | null;
  text: string | null;
}

/**
 * How the server's messages are to be seen: what people said letter by letter; an answer as its Markdown reads when the same
 * library makes HTML of it, without spaces and ends of lines, which are the look of the page.
 */
async function asShown(page: Page, messages: readonly Message[]): Promise<Seen[]> {
  const texts = await page.evaluate(
    (all) => all.map((html) => new DOMParser().parseFromString(html, 'text/html').body.textContent),
    messages.map(({ text }) => compiler(text, { disableParsingRawHTML: true, forceBlock: true })),
  );
  return messages.map((message, at) =>
    isTheirs(message)
      ? { id: message.id, by: 'You', text: message.text }
      : { id: message.id, by: 'Proxie', text: withoutSpace(texts[at] ?? '') },
  );
}

/** All that a conversation shows, in order; also what should not be there, without an id or once more. */
async function shownOn(page: Page): Promise<Seen[]> {
  const messages = page.getByRole('list', { name: 'Messages', exact: true }).locator(':scope > li > article');
  const seen = await messages.evaluateAll((all) =>
    all.map((article) => ({
      id: article.dataset['messageId'] ?? null,
      by: article.getAttribute('aria-label'),
      text: article.querySelector('[data-message-text]')?.textContent ?? null,
    })),
  );
  return seen.map((one) => (one.by === 'Proxie' ? { ...one, text: withoutSpace(one.text ?? '') } : one));
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
