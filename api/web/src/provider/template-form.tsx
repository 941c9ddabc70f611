import { useSuspenseQuery } from '@tanstack/react-query';
import { useServiceName } from '../catalog/catalog';
import { servicesQuery } from '../providers/provider';
import { Button } from '../ui/button';
import { Select, TextArea, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { orNull } from './business-fields';
import { fill } from './offer-wording';
import { Reading } from './reading';

export interface TemplateValues {
  name: string;
  /** Empty: for all services. */
  service_id: string;
  body: string;
}

interface TemplateFormProps {
  providerId: string;
  values: TemplateValues;
  onChange: (values: TemplateValues) => void;
  failure: unknown;
  busy: boolean;
  onSubmit: (body: { name: string; service_id: string | null; body: string }) => void;
  onCancel: () => void;
}

const blanks = ['{first_name}', '{service}', '{price}', '{slot}'] as const;

/** A template, and how it reads once it is filled in. */
export function TemplateForm({ providerId, values, onChange, failure, busy, onSubmit, onCancel }: TemplateFormProps) {
  const nameOf = useServiceName();
  const { data: services } = useSuspenseQuery(servicesQuery(providerId));
  const ids = services.map(({ service_id }) => service_id);
  const chosen = values.service_id;
  const all = chosen === '' || ids.includes(chosen) ? ids : [...ids, chosen];
  const example = {
    first_name: 'Maya',
    service: nameOf(chosen === '' ? (ids[0] ?? 'work') : chosen).toLowerCase(),
    price: '$60',
    slot: 'on Sat, Nov 28, 2:00 PM',
  };
  return (
    <Form
      onSubmit={() => onSubmit({ name: values.name, service_id: orNull(chosen), body: values.body })}
      failure={failure}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="What you call it"
          pointer="/body/name"
          value={values.name}
          onChange={(name) => onChange({ ...values, name })}
          maxLength={200}
          required
        />
        <Select
          label="For"
          pointer="/body/service_id"
          value={chosen}
          onChange={(id) => onChange({ ...values, service_id: id })}
          options={[{ value: '', label: 'All services' }, ...all.map((id) => ({ value: id, label: nameOf(id) }))]}
        />
      </div>
      <TextArea
        label="The message"
        pointer="/body/body"
        hint="Put in what is filled in for each offer with these:"
        value={values.body}
        onChange={(body) => onChange({ ...values, body })}
        maxLength={5_000}
        rows={5}
        required
      />
      <div className="-mt-2 flex flex-wrap gap-2">
        {blanks.map((blank) => (
          <Button
            key={blank}
            look="plain"
            size="small"
            onClick={() => onChange({ ...values, body: `${values.body}${blank}` })}
          >
            {blank}
          </Button>
        ))}
      </div>
      {values.body !== '' && <Reading text={fill(values.body, example)} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={busy}>
          Save template
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Not now
        </Button>
      </div>
    </Form>
  );
}
