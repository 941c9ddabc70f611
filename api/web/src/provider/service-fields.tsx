import type { View } from '../api/client';
import { Checkbox, FieldGroup, Select, TextArea, TextField } from '../ui/fields';
import { useMessage } from '../ui/form';
import { commonCurrencies, formatMoneyRange } from '../ui/money';
import { MoneyField } from '../ui/money-field';
import { formatMinutes } from '../ui/times';
import { orNull } from './business-fields';
import type { ErrorsAt } from './errors-at';
import { NumberField } from './number-field';
import { PhrasesField } from './phrases-field';

/** A service as somebody offers it; what is absent or null is as the catalog has it. */
export type ServiceValues = View<'EnrollmentService'>;
type Place = View<'ServicePlace'>;

export const placeLabels: Record<Place, string> = {
  provider: 'At your place',
  consumer: 'At the customer’s place',
  remote: 'Remote: by phone or online',
};

interface ServiceFieldsProps {
  /** What the catalog knows of it. */
  service: View<'ServiceView'>;
  value: ServiceValues;
  onChange: (changes: Partial<ServiceValues>) => void;
  at: ErrorsAt;
}

/** Price, duration, places, finer skills and licence of a service. */
export function ServiceFields({ service, value, onChange, at }: ServiceFieldsProps) {
  const currency = value.currency ?? service.price.currency;
  const choices = [...new Set([currency, service.price.currency, ...commonCurrencies])];
  const typical = formatMoneyRange(service.price.min_cents, service.price.max_cents, service.price.currency);
  const { min, max } = service.duration_minutes;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <MoneyField
          label="Price from"
          {...at('price_min_cents')}
          value={value.price_min_cents ?? null}
          onChange={(minor) => onChange({ price_min_cents: minor })}
          currency={currency}
        />
        <MoneyField
          label="up to"
          {...at('price_max_cents')}
          value={value.price_max_cents ?? null}
          onChange={(minor) => onChange({ price_max_cents: minor })}
          currency={currency}
        />
        <Select
          label="Currency"
          {...at('currency')}
          value={currency}
          onChange={(chosen) => onChange({ currency: chosen })}
          options={choices.map((one) => ({ value: one, label: one }))}
        />
      </div>
      <p className="-mt-2 text-sm text-muted">Typical: {typical}. Offers are suggested within your range.</p>
      <NumberField
        label="How long it takes, in minutes"
        hint={`Typical: ${formatMinutes(min)} to ${formatMinutes(max)}; left empty, it is as typical.`}
        {...at('duration_minutes')}
        value={value.duration_minutes ?? null}
        onChange={(minutes) => onChange({ duration_minutes: minutes })}
        min={5}
        max={1440}
        step={5}
      />
      <Places service={service} value={value} onChange={onChange} at={at} />
      <PhrasesField
        label="What you are especially good at"
        hint="As people would ask for it; add each with Enter."
        {...at('specializations')}
        value={value.specializations ?? []}
        onChange={(phrases) => onChange({ specializations: phrases })}
        suggestions={service.specializations}
        maxLength={200}
      />
      <TextArea
        label="How you do it"
        {...at('description')}
        value={value.description ?? ''}
        onChange={(text) => onChange({ description: orNull(text) })}
        maxLength={2_000}
      />
      {service.licensed && (
        <fieldset className="grid gap-4 rounded-card border border-line p-4 sm:grid-cols-2">
          <legend className="px-1 text-sm font-medium">Licence</legend>
          <p className="text-sm text-muted sm:col-span-2">
            {service.name} needs a licence. We look at it before you are matched; another number or date is looked at
            again.
          </p>
          <TextField
            label="Licence number"
            {...at('licence_number')}
            value={value.licence_number ?? ''}
            onChange={(number) => onChange({ licence_number: orNull(number) })}
            maxLength={100}
          />
          <TextField
            label="Good until"
            type="date"
            {...at('licence_expires_on')}
            value={value.licence_expires_on ?? ''}
            onChange={(date) => onChange({ licence_expires_on: orNull(date) })}
          />
        </fieldset>
      )}
    </>
  );
}

function Places({ service, value, onChange, at }: ServiceFieldsProps) {
  const chosen = value.places ?? service.places;
  const { pointer, error = null } = at('places');
  const wrong = useMessage(pointer, error);
  if (service.places.length === 1) return null;
  return (
    <FieldGroup legend="Where you do it">
      {service.places.map((place) => (
        <Checkbox
          key={place}
          label={placeLabels[place]}
          checked={chosen.includes(place)}
          // Somewhere it must be done.
          disabled={chosen.length === 1 && chosen.includes(place)}
          onChange={(checked) =>
            onChange({ places: service.places.filter((one) => (one === place ? checked : chosen.includes(one))) })
          }
        />
      ))}
      {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
    </FieldGroup>
  );
}
