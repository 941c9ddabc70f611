import type { ReactNode } from 'react';
import { ApiError } from '../../api/errors';
import { useService } from '../../catalog/catalog';
import { ServiceSelect } from '../../catalog/service-select';
import { useUploads } from '../../media/use-uploads';
import { Button } from '../../ui/button';
import { FieldGroup, Select, TextArea, TextField } from '../../ui/fields';
import { Form, useMessage } from '../../ui/form';
import { commonCurrencies, formatMoneyRange } from '../../ui/money';
import { MoneyField } from '../../ui/money-field';
import { ownZone } from '../../ui/times';
import { PhotoField } from './photo-field';
import { phrasesOf } from './request-draft';
import type { RequestDraft } from './request-draft';
import { placeWords, urgencyWords } from './words';

interface RequestFormProps {
  draft: RequestDraft;
  onChange: (change: (before: RequestDraft) => RequestDraft) => void;
  onSubmit: () => void;
  failure: unknown;
  busy: boolean;
  /** What the button says. */
  submit: string;
  /** Above the button: what else there is to say. */
  children?: ReactNode;
}

/** All of a request; suspends until the catalog is there. */
export function RequestForm({ draft, onChange, onSubmit, failure, busy, submit, children }: RequestFormProps) {
  const set = (part: Partial<RequestDraft>) => onChange((before) => ({ ...before, ...part }));
  const uploads = useUploads(({ id }) => onChange((before) => ({ ...before, media: [...before.media, id] })));
  const asksZone = draft.zone !== '' || (failure instanceof ApiError && failure.errors.some(isAboutZone));
  return (
    <Form failure={failure} onSubmit={onSubmit}>
      <ServiceSelect
        label="Service"
        pointer="/body/service_id"
        required
        value={draft.service_id}
        onChange={(service_id) => set({ service_id, place: '' })}
      />
      <TextField
        label="City or neighbourhood"
        pointer="/body/city"
        autoComplete="address-level2"
        required
        maxLength={200}
        value={draft.city}
        onChange={(city) => set({ city })}
      />
      {asksZone && (
        <TextField
          label="Time zone of that place"
          hint={`As in America/New_York. Yours is ${ownZone}.`}
          pointer="/body/zone"
          maxLength={100}
          value={draft.zone}
          onChange={(zone) => set({ zone })}
        />
      )}
      <TextArea
        label="What do you need?"
        hint="In your words. Providers read it."
        pointer="/body/description"
        maxLength={5000}
        value={draft.description}
        onChange={(description) => set({ description })}
      />
      <Specializations draft={draft} onChange={(specializations) => set({ specializations })} />
      <When draft={draft} onChange={set} />
      <Budget draft={draft} onChange={set} />
      <Place draft={draft} onChange={(place) => set({ place })} />
      <PhotoField
        label="Photos"
        hint="Show what it is about: up to 10 pictures or films."
        pointer="/body/media"
        ids={draft.media}
        uploads={uploads}
        onRemove={(id) => onChange((before) => ({ ...before, media: before.media.filter((other) => other !== id) }))}
      />
      {children}
      <Button type="submit" busy={busy} disabled={uploads.isRunning} className="justify-self-start">
        {submit}
      </Button>
    </Form>
  );
}

function isAboutZone({ pointer }: { pointer: string }): boolean {
  return pointer === '/body/zone';
}

interface PartProps {
  draft: RequestDraft;
  onChange: (part: Partial<RequestDraft>) => void;
}

function Specializations({ draft, onChange }: { draft: RequestDraft; onChange: (text: string) => void }) {
  const suggested = useService(draft.service_id)?.specializations ?? [];
  const said = phrasesOf(draft.specializations);
  const left = suggested.filter((phrase) => !said.includes(phrase));
  return (
    <div className="grid gap-2">
      <TextField
        label="Particular skills"
        hint="With commas between, as in curly hair, 3B curls."
        pointer="/body/specializations"
        value={draft.specializations}
        onChange={onChange}
      />
      {left.length > 0 && (
        <ul aria-label="Suggested skills" className="flex flex-wrap gap-1.5">
          {left.map((phrase) => (
            <li key={phrase}>
              <Button look="plain" size="small" icon="plus" onClick={() => onChange([...said, phrase].join(', '))}>
                {phrase}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function When({ draft, onChange }: PartProps) {
  const wrong = useMessage('/body/window');
  return (
    <FieldGroup legend="When">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="From"
          type="datetime-local"
          pointer="/body/window/from"
          error={wrong}
          required={draft.to !== ''}
          value={draft.from}
          onChange={(from) => onChange({ from })}
        />
        <TextField
          label="To"
          type="datetime-local"
          pointer="/body/window/to"
          required={draft.from !== ''}
          min={draft.from}
          value={draft.to}
          onChange={(to) => onChange({ to })}
        />
      </div>
      <p className="text-sm text-muted">By the clocks of that place. Leave it empty if any time will do.</p>
      <Select
        label="How soon does it matter?"
        pointer="/body/urgency"
        value={draft.urgency}
        onChange={(urgency) => onChange({ urgency })}
        options={(['flexible', 'soon', 'urgent'] as const).map((value) => ({ value, label: urgencyWords[value] }))}
      />
    </FieldGroup>
  );
}

function Budget({ draft, onChange }: PartProps) {
  const price = useService(draft.service_id)?.price;
  const usual = price === undefined ? null : formatMoneyRange(price.min_cents, price.max_cents, price.currency);
  const wrong = useMessage('/body/budget');
  const currencies = [...new Set([...commonCurrencies, draft.currency])];
  return (
    <FieldGroup legend="Budget">
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        <MoneyField
          label="At least"
          pointer="/body/budget/min_cents"
          currency={draft.currency}
          value={draft.min_cents}
          onChange={(min_cents) => onChange({ min_cents })}
        />
        <MoneyField
          label="At most"
          pointer="/body/budget/max_cents"
          error={wrong}
          currency={draft.currency}
          value={draft.max_cents}
          onChange={(max_cents) => onChange({ max_cents })}
        />
        <Select
          label="Currency"
          pointer="/body/budget/currency"
          value={draft.currency}
          onChange={(currency) => onChange({ currency })}
          options={currencies.map((value) => ({ value, label: value }))}
        />
      </div>
      {usual !== null && <p className="text-sm text-muted">Usually {usual}. Leave it empty to see what is offered.</p>}
    </FieldGroup>
  );
}

function Place({ draft, onChange }: { draft: RequestDraft; onChange: (place: RequestDraft['place']) => void }) {
  const places = useService(draft.service_id)?.places ?? [];
  if (places.length < 2) return null;
  return (
    <Select
      label="Where shall it be done?"
      pointer="/body/place"
      value={draft.place}
      onChange={onChange}
      options={[
        { value: '', label: 'Wherever it suits' },
        ...places.map((value) => ({ value, label: placeWords[value] })),
      ]}
    />
  );
}
