import type { View } from '../api/client';
import { formatDate, formatTime } from '../ui/times';
import type { Draft } from './transcript';

/** What each kind of draft holds: the API says so by its kind. */
interface FieldsByKind {
  request: View<'RequestFields'>;
  request_cancellation: View<'OfRequest'>;
  offer: View<'OfferFields'>;
  withdrawal: View<'OfOffer'>;
  decline: View<'OfOffer'>;
  acceptance: View<'Acceptance'>;
  booking_cancellation: View<'BookingCancellation'>;
  reschedule: View<'Reschedule'>;
  reschedule_answer: View<'RescheduleAnswer'>;
  completion: View<'OfBooking'>;
  no_show: View<'OfBooking'>;
  review: View<'ReviewFields'>;
  review_response: View<'ReviewResponse'>;
  enrollment: View<'OfEnrollment'>;
  availability: View<'AvailabilityFields'>;
}

export type Kind = keyof FieldsByKind;

/** A draft whose kind tells its fields. */
type TypedDraft = { [Of in Kind]: { kind: Of; fields: FieldsByKind[Of] } }[Kind];

export function typedDraft({ kind, fields }: Draft): TypedDraft {
  // The document has the fields of all kinds as one union; which of them is there, the kind tells.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
  return { kind, fields } as TypedDraft;
}

interface Words {
  /** What it is. */
  title: string;
  /** What the button does. */
  approve: string;
  /** What approving it means for others. */
  effect: string;
  isEnd?: boolean;
}

const words: Record<Kind, Words> = {
  request: {
    title: 'Your request',
    approve: 'Post request',
    effect: 'Fitting providers see it and make offers. Your address and contact stay with you until you book.',
  },
  request_cancellation: {
    title: 'Cancel this request',
    approve: 'Cancel request',
    effect: 'Providers are told, and their offers end.',
    isEnd: true,
  },
  offer: {
    title: 'Your offer',
    approve: 'Send offer',
    effect: 'The customer sees it and may accept any of its times.',
  },
  withdrawal: {
    title: 'Withdraw this offer',
    approve: 'Withdraw offer',
    effect: 'The customer cannot accept it any more.',
    isEnd: true,
  },
  decline: { title: 'Decline this offer', approve: 'Decline offer', effect: 'The provider is told.', isEnd: true },
  acceptance: {
    title: 'Accept this offer',
    approve: 'Book it',
    effect: 'It is booked at once; the other offers are declined.',
  },
  booking_cancellation: {
    title: 'Cancel this booking',
    approve: 'Cancel booking',
    effect: 'The other side is told. Less than a day before the start it counts as late.',
    isEnd: true,
  },
  reschedule: {
    title: 'Propose another time',
    approve: 'Propose time',
    effect: 'The other side has 24 hours to agree. The present time holds until then.',
  },
  reschedule_answer: { title: 'Answer the proposed time', approve: 'Answer', effect: 'The other side is told.' },
  completion: { title: 'The work is done', approve: 'Mark as done', effect: 'The customer can leave a review.' },
  no_show: { title: 'The customer was not there', approve: 'Report it', effect: 'The booking ends so.', isEnd: true },
  review: { title: 'Your review', approve: 'Post review', effect: 'Everybody can read it. It can be posted once.' },
  review_response: {
    title: 'Your answer to a review',
    approve: 'Post answer',
    effect: 'Everybody can read it below the review. It can be posted once.',
  },
  enrollment: {
    title: 'Your enrollment',
    approve: 'Submit enrollment',
    effect: 'You can offer your services; those that need a licence are checked first.',
  },
  availability: {
    title: 'Your working hours',
    approve: 'Change hours',
    effect: 'Customers see free times by these hours. What is booked stays booked.',
  },
};

export function draftWords(kind: Kind): Words {
  return words[kind];
}

const missing: Record<string, string> = {
  service_id: 'what is to be done',
  city: 'where: the city',
  slot: 'a time',
  slots: 'when you could do it',
  address: 'your address',
  reason: 'why',
  rating: 'a rating from 1 to 5',
  text: 'what you want to say',
};

/** What is missing, in words. */
export function missingWords(name: string): string {
  return missing[name] ?? name.replaceAll('_', ' ');
}

/** A time by the clocks of its place; nothing if there is none. */
export function slotWords(slot: View<'LocalSlot'> | null | undefined): string | null {
  if (slot == null) return null;
  const at = `${slot.date}T${slot.start_time.slice(0, 5)}:00Z`;
  return `${formatDate(at, 'UTC')}, ${formatTime(at, 'UTC')}`;
}
