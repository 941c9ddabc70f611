import { expect } from '@playwright/test';
import createClient from 'openapi-fetch';
import { call } from '../src/api/call';
import type { components, paths } from '../src/api/schema';
import { origin } from './origin';

type View<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Api = ReturnType<typeof createClient<paths>>;

/** Somebody with an account. */
export interface Person {
  id: string;
  name: string;
  email: string;
  password: string;
  /** Who calls the API as them. */
  api: Api;
}

export interface Provider extends Person {
  providerId: string;
  business: string;
}

/**
 * Known cities without demo providers. A request reaches the best ten of its city, so each test takes one at random, and
 * providers of tests rest when these are over.
 */
const cities = [
  ...['Yonkers', 'White Plains', 'Rochester', 'Syracuse', 'Albany', 'Hoboken', 'Newark', 'Stamford', 'New Haven'],
  ...['Hartford', 'Somerville', 'Worcester', 'Providence', 'Burlington', 'Pittsburgh', 'Baltimore', 'Bethesda'],
  ...['Norfolk', 'Raleigh', 'Durham', 'Greensboro', 'Asheville', 'Atlanta', 'Jacksonville', 'Tampa', 'Miami'],
];

export function anyCity(): string {
  return cities[Math.floor(Math.random() * cities.length)] ?? 'Yonkers';
}

/** A word that nobody has used before. */
export function fresh(): string {
  return crypto.randomUUID().slice(0, 8);
}

export function apiOf(token: string | null): Api {
  return createClient<paths>({
    baseUrl: origin,
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  });
}

/** Registers somebody, without a browser. */
export async function registers(name: string): Promise<Person> {
  const account = { name, email: `${fresh()}@example.com`, password: `secret-${fresh()}` };
  const { access_token, user } = await call(apiOf(null).POST('/auth/register', { body: account }));
  return { ...account, id: user.id, api: apiOf(access_token) };
}

/** Becomes somebody again who signed up in a browser. */
export async function signedIn({ email, password }: { email: string; password: string }): Promise<Api> {
  const { access_token } = await call(apiOf(null).POST('/auth/login', { body: { email, password } }));
  return apiOf(access_token);
}

const everyDay = (() => {
  const hours = [{ start: '06:00', end: '22:00' }];
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
  return Object.fromEntries(days.map((day) => [day, hours]));
})();

/** A hairdresser who cuts curls at their own place, any day. */
export async function becomesProvider(person: Person, city: string): Promise<Provider> {
  const business = `Curls ${fresh()}`;
  const profile = await call(
    person.api.POST('/providers', {
      body: {
        name: business,
        headline: 'Curly hair is all we do',
        city,
        phone: '+1 718 555 0100',
        street: '12 Bergen Street',
        services: [
          {
            service_id: 'haircut',
            places: ['provider'],
            price_min_cents: 4_000,
            price_max_cents: 8_000,
            currency: 'USD',
            duration_minutes: 60,
            specializations: ['curly hair'],
          },
        ],
        availability: { zone: 'America/New_York', weekly: everyDay, notice_minutes: 0, buffer_minutes: 0 },
      },
    }),
  );
  return { ...person, providerId: profile.id, business };
}

/** A provider of a test takes no more work, so that later tests meet their own. */
export async function rests({ api, providerId }: Pick<Provider, 'api' | 'providerId'>): Promise<void> {
  await call(
    api.PUT('/providers/{provider_id}/status', {
      params: { path: { provider_id: providerId } },
      body: { status: 'paused' },
    }),
  );
}

/** Posts a request for a haircut. */
export function asks(consumer: Person, city: string): Promise<View<'RequestView'>> {
  const body = {
    service_id: 'haircut',
    city,
    description: '3B curls, shoulder length',
    budget: { min_cents: null, max_cents: 9_000, currency: 'USD' },
    specializations: ['curly hair'],
    allow_duplicate: true,
  };
  return call(consumer.api.POST('/requests', { body }));
}

/** Waits until a request has reached a provider. */
export async function hasLead(provider: Provider, requestId: string): Promise<void> {
  const leads = async () => {
    const { items } = await call(provider.api.GET('/providers/leads', { params: { query: { limit: 100 } } }));
    return items.map(({ request }) => request.id);
  };
  await expect.poll(leads, { timeout: 30_000, message: 'the request is a lead' }).toContain(requestId);
}

/** Makes an offer with the provider's next free slots. */
export async function offers(provider: Provider, requestId: string): Promise<View<'OfferView'>> {
  await hasLead(provider, requestId);
  const slots = await call(
    provider.api.GET('/providers/{provider_id}/slots', {
      params: {
        path: { provider_id: provider.providerId },
        query: { service_id: 'haircut', from: dayFromNow(2), to: dayFromNow(5) },
      },
    }),
  );
  return call(
    provider.api.POST('/offers', {
      body: {
        request_id: requestId,
        service_id: 'haircut',
        price_cents: 5_500,
        currency: 'USD',
        duration_minutes: 60,
        slots: slots.items.slice(0, 3).map(({ date, start_time }) => ({ date, start_time })),
        message: 'I would love to.',
      },
    }),
  );
}

/** Books an offer for its first slot. */
export async function accepts(consumer: Person, offer: View<'OfferView'>): Promise<View<'BookingView'>> {
  const [slot] = offer.slots;
  if (slot === undefined) throw new Error('The offer has no slots.');
  return call(
    consumer.api.PUT('/offers/{offer_id}/accept', {
      params: { path: { offer_id: offer.id } },
      body: { slot: { date: slot.date, start_time: slot.start_time } },
    }),
  );
}

/** A local date so many days ahead: `2026-11-29`. */
export function dayFromNow(days: number): string {
  const date = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(date);
}
