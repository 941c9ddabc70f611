import type { View } from '../api/client';
import { useServiceName } from '../catalog/catalog';
import { PhotoById } from '../media/photo-by-id';
import { wordsOf } from '../ui/badge';
import { Fact, Facts } from '../ui/facts';
import { formatMoney, formatMoneyRange } from '../ui/money';
import { formatMinutes, formatWindow } from '../ui/times';
import { AboutBooking, AboutOffer, AboutRequest } from './about';
import { AvailabilityFacts } from './availability-facts';
import { slotWords, typedDraft } from './drafts';
import { EnrollmentFacts } from './enrollment-facts';
import type { Draft } from './transcript';

/** What a draft holds, readable, by its kind. */
export function DraftFields({ draft }: { draft: Draft }) {
  const typed = typedDraft(draft);
  switch (typed.kind) {
    case 'request':
      return <RequestFacts fields={typed.fields} />;
    case 'request_cancellation':
      return (
        <>
          <AboutRequest id={typed.fields.request_id} />
          <Facts>
            <Fact name="Why">{typed.fields.reason}</Fact>
          </Facts>
        </>
      );
    case 'offer':
      return <OfferFacts fields={typed.fields} />;
    case 'withdrawal':
    case 'decline':
      return (
        <>
          <AboutOffer id={typed.fields.offer_id} />
          <Facts>
            <Fact name="Why">{typed.fields.reason}</Fact>
          </Facts>
        </>
      );
    case 'acceptance':
      return (
        <>
          <AboutOffer id={typed.fields.offer_id} />
          <Facts>
            <Fact name="When">{slotWords(typed.fields.slot)}</Fact>
            <Fact name="Address">{typed.fields.address}</Fact>
            <Fact name="Good to know">{typed.fields.instructions}</Fact>
          </Facts>
        </>
      );
    case 'booking_cancellation':
      return (
        <>
          <AboutBooking id={typed.fields.booking_id} />
          <Facts>
            <Fact name="Why">{typed.fields.reason}</Fact>
            <Fact name="Afterwards">{typed.fields.rebook && 'Look for somebody else'}</Fact>
          </Facts>
        </>
      );
    case 'reschedule':
      return (
        <>
          <AboutBooking id={typed.fields.booking_id} />
          <Facts>
            <Fact name="New time">{slotWords(typed.fields.slot)}</Fact>
            <Fact name="Note">{typed.fields.note}</Fact>
          </Facts>
        </>
      );
    case 'reschedule_answer':
      return (
        <>
          <AboutBooking id={typed.fields.booking_id} />
          <Facts>
            <Fact name="Proposed">{slotWords(typed.fields.slot)}</Fact>
            <Fact name="Answer">{typed.fields.accept ? 'Agree' : 'Keep the present time'}</Fact>
          </Facts>
        </>
      );
    case 'completion':
    case 'no_show':
      return <AboutBooking id={typed.fields.booking_id} />;
    case 'review':
      return <ReviewFacts fields={typed.fields} />;
    case 'review_response':
      return (
        <Facts>
          <Fact name="Answer">{typed.fields.text}</Fact>
        </Facts>
      );
    case 'enrollment':
      return <EnrollmentFacts fields={typed.fields.enrollment} />;
    case 'availability':
      return <AvailabilityFacts availability={typed.fields} />;
  }
}

const places: Record<View<'ServicePlace'>, string> = {
  provider: 'At the provider’s',
  consumer: 'At your place',
  remote: 'Remote: by phone or online',
};

function RequestFacts({ fields }: { fields: View<'RequestFields'> }) {
  const nameOf = useServiceName();
  const { budget, window, urgency, specializations = [], media = [] } = fields;
  return (
    <Facts>
      <Fact name="What">{fields.service_id != null && nameOf(fields.service_id)}</Fact>
      <Fact name="Especially">{specializations.join(', ')}</Fact>
      <Fact name="City">{fields.city}</Fact>
      <Fact name="Where">{fields.place != null && places[fields.place]}</Fact>
      <Fact name="When">{window != null && formatWindow(window)}</Fact>
      <Fact name="Urgency">{urgency != null && wordsOf(urgency)}</Fact>
      <Fact name="Budget">
        {budget != null && formatMoneyRange(budget.min_cents, budget.max_cents, budget.currency)}
      </Fact>
      <Fact name="Notes">{fields.notes}</Fact>
      <Fact name="Photos">{media.length > 0 && <Photos ids={media} />}</Fact>
      <Fact name="Note">{fields.allow_duplicate === true && 'Posted although one like it is open.'}</Fact>
    </Facts>
  );
}

function OfferFacts({ fields }: { fields: View<'OfferFields'> }) {
  const nameOf = useServiceName();
  return (
    <>
      <AboutRequest id={fields.request_id} isLead />
      <Facts>
        <Fact name="Service">{nameOf(fields.service_id)}</Fact>
        <Fact name="Price">{formatMoney(fields.price_cents, fields.currency)}</Fact>
        <Fact name="Includes">{fields.price_notes}</Fact>
        <Fact name="Takes">{formatMinutes(fields.duration_minutes)}</Fact>
        <Fact name="When">{fields.slots.map(slotWords).join('\n')}</Fact>
        <Fact name="Message">{fields.message}</Fact>
      </Facts>
    </>
  );
}

function ReviewFacts({ fields }: { fields: View<'ReviewFields'> }) {
  const of5 = (rating: number | null | undefined) => rating != null && `${rating} of 5`;
  return (
    <>
      <AboutBooking id={fields.booking_id} />
      <Facts>
        <Fact name="Rating">{of5(fields.rating)}</Fact>
        <Fact name="Quality">{of5(fields.quality)}</Fact>
        <Fact name="Punctuality">{of5(fields.punctuality)}</Fact>
        <Fact name="Communication">{of5(fields.communication)}</Fact>
        <Fact name="Value">{of5(fields.value)}</Fact>
        <Fact name="Text">{fields.text}</Fact>
      </Facts>
    </>
  );
}

function Photos({ ids }: { ids: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-2">
      {ids.map((id, at) => (
        <li key={id} className="w-20">
          <PhotoById id={id} alt={`Photo ${at + 1}`} />
        </li>
      ))}
    </ul>
  );
}
