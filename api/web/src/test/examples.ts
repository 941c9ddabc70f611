import type { View } from '../api/client';

/** What an API that is played answers. */
export const slot = (date: string, start_time: string): View<'OfferSlotView'> => ({
  date,
  start_time,
  end_time: '23:00',
  start_at: `${date}T${start_time}:00Z`,
  end_at: `${date}T23:00:00Z`,
  zone: 'UTC',
  free: true,
});

export const service: View<'ServiceView'> = {
  id: 'haircut',
  category_id: 'hair_beauty',
  name: 'Haircut',
  description: '',
  licensed: false,
  min_photos: 0,
  places: ['provider', 'consumer'],
  price: { currency: 'USD', min_cents: 3000, max_cents: 12000 },
  duration_minutes: { min: 30, max: 90 },
  specializations: ['curly hair'],
};

export const catalog: View<'FullCatalogView'> = {
  items: [{ id: 'hair_beauty', name: 'Hair & beauty', description: '', services: [service] }],
  next_cursor: null,
};

export const profile: View<'ConsumerView'> = {
  user_id: 'u-1',
  name: 'Maya',
  city: 'Brooklyn',
  street: '44 Court Street',
};

export const request: View<'RequestView'> = {
  id: 'r-1',
  status: 'offers_received',
  service_id: 'haircut',
  city: 'Brooklyn',
  zone: 'America/New_York',
  place: 'provider',
  urgency: 'flexible',
  description: '',
  specializations: [],
  media: [],
  match: null,
  expires_at: '2026-12-30T00:00:00Z',
  created_at: '2026-11-23T15:00:00Z',
};

export const offer: View<'OfferView'> = {
  id: 'o-1',
  request_id: 'r-1',
  provider_id: 'p-1',
  provider: { name: 'Curl & Co', city: 'Brooklyn', completed_jobs: 41, rating: 4.8, review_count: 27 },
  service_id: 'haircut',
  status: 'pending',
  automatic: false,
  price_cents: 6000,
  currency: 'USD',
  duration_minutes: 60,
  price_notes: '',
  message: '',
  slots: [slot('2026-12-05', '10:00'), slot('2026-12-05', '14:00')],
  created_at: '2026-11-23T16:00:00Z',
  updated_at: '2026-11-23T16:00:00Z',
  expires_at: '2026-11-24T16:00:00Z',
};

export const booking: View<'BookingView'> = {
  id: 'b-1',
  request_id: 'r-1',
  offer_id: 'o-1',
  provider_id: 'p-1',
  provider_name: 'Curl & Co',
  consumer_name: 'Maya',
  side: 'consumer',
  status: 'confirmed',
  service_id: 'haircut',
  price_cents: 6000,
  currency: 'USD',
  slot: slot('2026-12-05', '10:00'),
  place: 'provider',
  late: false,
  created_at: '2026-11-23T17:00:00Z',
  updated_at: '2026-11-23T17:00:00Z',
};
