import { useState } from 'react';
import { Button } from '../ui/button';
import { formatMoney } from '../ui/money';
import { Notice } from '../ui/notice';
import type { OfferValues } from './offer-form';
import { useSuggestion } from './offer-suggestion';
import type { Suggestion } from './offer-suggestion';
import { withBraces } from './offer-wording';

interface SuggestionPanelProps {
  requestId: string;
  values: OfferValues;
  onChange: (values: OfferValues) => void;
}

/** Asks for a suggestion and fills the form with it; what was in the form can be brought back. */
export function SuggestionPanel({ requestId, values, onChange }: SuggestionPanelProps) {
  const [before, setBefore] = useState<OfferValues | null>(null);
  const { ask, isPending, suggestion, trouble } = useSuggestion(requestId, (suggested) => {
    setBefore(values);
    onChange(filled(values, suggested));
  });

  return (
    <div className="grid gap-3 rounded-control bg-sunken p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted">From your prices, calendar and templates. Nothing is sent.</p>
        <Button look="plain" size="small" icon="sparkle" busy={isPending} onClick={ask}>
          {suggestion === null ? 'Suggest an offer' : 'Suggest again'}
        </Button>
      </div>
      <div aria-live="polite" className="grid gap-3 empty:hidden">
        {isPending && <p className="text-sm">Working out an offer …</p>}
        {!isPending && trouble !== null && <Notice tone="bad">{trouble}</Notice>}
        {!isPending && suggestion !== null && (
          <Suggested suggestion={suggestion} values={values} onChange={onChange} before={before} />
        )}
      </div>
    </div>
  );
}

interface SuggestedProps {
  suggestion: Suggestion;
  values: OfferValues;
  onChange: (values: OfferValues) => void;
  before: OfferValues | null;
}

function Suggested({ suggestion, values, onChange, before }: SuggestedProps) {
  const { price, reasons } = suggestion;
  const choices = [
    { label: 'Low', cents: price.low_cents },
    { label: 'Middle', cents: price.mid_cents },
    { label: 'High', cents: price.high_cents },
  ];
  return (
    <>
      <div role="group" aria-label="Suggested price" className="flex flex-wrap gap-2">
        {choices.map(({ label, cents }) => (
          <Button
            key={label}
            look={values.price_cents === cents ? 'primary' : 'plain'}
            size="small"
            aria-pressed={values.price_cents === cents}
            onClick={() => onChange({ ...values, price_cents: cents })}
          >
            {label}: {formatMoney(cents, price.currency)}
          </Button>
        ))}
      </div>
      <ul className="list-disc pl-5 text-sm">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {before !== null && (
        <Button look="quiet" size="small" className="justify-self-start" onClick={() => onChange(before)}>
          Bring back what was in the form
        </Button>
      )}
    </>
  );
}

/** The form as it is suggested; what the suggestion does not speak of stays. */
function filled(values: OfferValues, { price, duration_minutes, slots, message }: Suggestion): OfferValues {
  return {
    ...values,
    price_cents: price.mid_cents,
    duration_minutes,
    slots: slots.length === 0 ? values.slots : slots.map(({ date, start_time }) => ({ date, start_time })),
    message: withBraces(message, { cents: price.mid_cents, currency: price.currency }, slots[0]),
  };
}
