import type { View } from '../../api/client';
import { readJson, storage } from '../../storage';

/** A request as somebody fills it in. Texts are as they were written. */
export interface RequestDraft {
  service_id: string;
  city: string;
  /** Only for places whose zone the API does not know; else empty. */
  zone: string;
  place: View<'ServicePlace'> | '';
  from: string;
  to: string;
  urgency: View<'Urgency'>;
  currency: string;
  min_cents: number | null;
  max_cents: number | null;
  description: string;
  /** Phrases with commas between. */
  specializations: string;
  /** Ids of photos. */
  media: string[];
}

export const emptyDraft: RequestDraft = {
  service_id: '',
  city: '',
  zone: '',
  place: '',
  from: '',
  to: '',
  urgency: 'flexible',
  currency: 'USD',
  min_cents: null,
  max_cents: null,
  description: '',
  specializations: '',
  media: [],
};

/** A request that is there, to be edited. */
export function draftOf(request: View<'RequestView'>): RequestDraft {
  return {
    service_id: request.service_id,
    city: request.city,
    zone: '',
    place: request.place ?? '',
    from: request.window?.from ?? '',
    to: request.window?.to ?? '',
    urgency: request.urgency,
    currency: request.budget?.currency ?? emptyDraft.currency,
    min_cents: request.budget?.min_cents ?? null,
    max_cents: request.budget?.max_cents ?? null,
    description: request.description,
    specializations: request.specializations.join(', '),
    media: request.media.map(({ id }) => id),
  };
}

/** What is sent: all of it, so that what was emptied is taken away. */
export function bodyOf(draft: RequestDraft) {
  const { min_cents, max_cents, currency, from, to } = draft;
  return {
    service_id: draft.service_id,
    city: draft.city.trim(),
    ...(draft.zone === '' ? {} : { zone: draft.zone.trim() }),
    place: draft.place === '' ? null : draft.place,
    window: from === '' || to === '' ? null : { from, to },
    urgency: draft.urgency,
    budget: min_cents === null && max_cents === null ? null : { min_cents, max_cents, currency },
    description: draft.description.trim(),
    specializations: phrasesOf(draft.specializations),
    media: draft.media,
  } satisfies View<'PostBody'> & View<'PatchBody'>;
}

export function phrasesOf(text: string): string[] {
  const phrases = text.split(',').map((phrase) => phrase.trim());
  return [...new Set(phrases.filter((phrase) => phrase !== ''))];
}

/** What was typed into a form before and not sent. */
export function readDraft(key: string): RequestDraft | null {
  const kept = readJson(key);
  return isDraft(kept) ? kept : null;
}

export function writeDraft(key: string, draft: RequestDraft): void {
  storage.write(key, JSON.stringify(draft));
}

/** Whether it was written by a form like this one, not by that of an older version. */
function isDraft(kept: unknown): kept is RequestDraft {
  if (typeof kept !== 'object' || kept === null) return false;
  const values = new Map<string, unknown>(Object.entries(kept));
  const isCents = (value: unknown) => value === null || typeof value === 'number';
  const texts = Object.entries(emptyDraft).filter(([, empty]) => typeof empty === 'string');
  const media = values.get('media');
  return (
    texts.every(([name]) => typeof values.get(name) === 'string') &&
    isCents(values.get('min_cents')) &&
    isCents(values.get('max_cents')) &&
    Array.isArray(media) &&
    media.every((id) => typeof id === 'string')
  );
}
