import { test as base } from '@playwright/test';
import { call } from '../src/api/call';
import { grantAdmin } from './operator';
import { accepts, anyCity, asks, becomesProvider, hasLead, offers, registers, rests } from './town';
import type { Person, Provider } from './town';

/** People with something on each of their pages. */
export interface Scene {
  consumer: Person;
  provider: Provider;
  admin: Person;
  /** With an offer to be answered. */
  requestId: string;
  /** Another one, that the provider has not answered. */
  leadId: string;
  bookingId: string;
  /** The consumer's conversation. */
  sessionId: string;
  /** The consumer's, begun. */
  enrollmentId: string;
  taskId: string;
}

async function setUp(): Promise<Scene> {
  const city = anyCity();
  const [consumer, owner, admin] = await Promise.all(['Maya Lind', 'Ann Diaz', 'Ruth Adams'].map(registers));
  if (consumer === undefined || owner === undefined || admin === undefined) throw new Error('Nobody came.');
  await grantAdmin(admin.email);
  const provider = await becomesProvider(owner, city);

  const booked = await asks(consumer, city);
  const booking = await accepts(consumer, await offers(provider, booked.id));
  const request = await asks(consumer, city);
  await offers(provider, request.id);
  const lead = await asks(consumer, city);
  await hasLead(provider, lead.id);

  const said = await call(
    consumer.api.POST('/chat', { body: { message: `I need a haircut for curly hair in ${city}, about $60` } }),
  );
  await call(
    consumer.api.GET('/chat/status/{task_id}', { params: { path: { task_id: said.task_id }, query: { wait: 30 } } }),
  );
  if (said.session_id == null) throw new Error('A message begins a conversation.');
  const enrollment = await call(consumer.api.POST('/enrollment/start'));
  return {
    consumer,
    provider,
    admin,
    requestId: request.id,
    leadId: lead.id,
    bookingId: booking.id,
    sessionId: said.session_id,
    enrollmentId: enrollment.id,
    taskId: said.task_id,
  };
}

/** Tests that look at pages and change nothing: one scene for all that run in a process. */
export const test = base.extend<object, { scene: Scene }>({
  scene: [
    // Playwright reads from the pattern what the fixture needs: nothing.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const scene = await setUp();
      await use(scene);
      await rests(scene.provider);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});
