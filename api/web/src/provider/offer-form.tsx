import { useMutation, useQueryClient, useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { useIdempotencyKey } from '../api/idempotency';
import { keys } from '../api/keys';
import { useProviderId } from '../auth/provider';
import type { NamedSlot } from '../bookings/slots';
import { useServiceName } from '../catalog/catalog';
import { profileQuery, servicesQuery } from '../providers/provider';
import { Button, ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { Select, TextArea } from '../ui/fields';
import { Form } from '../ui/form';
import { MoneyField } from '../ui/money-field';
import { Notice } from '../ui/notice';
import { localDate } from '../ui/times';
import { toast } from '../ui/toast';
import { useKept } from './kept';
import type { Lead } from './lead';
import { NumberField } from './number-field';
import { SuggestionPanel } from './offer-suggestion-panel';
import { fill, hasBraces, wordingOf } from './offer-wording';
import { availabilityQuery, templatesQuery } from './own-provider';
import { Reading } from './reading';
import { SlotPicker } from './slot-picker';

export interface OfferValues {
  price_cents: number | null;
  duration_minutes: number | null;
  price_notes: string;
  message: string;
  slots: NamedSlot[];
  expires_in_hours: number;
}

const MOST_SLOTS = 10;
const lives = [4, 12, 24, 48, 72];

/** The offer for a lead. What is entered is kept until it is sent. */
export function OfferForm({ lead }: { lead: Lead }) {
  const serviceName = useServiceName()(lead.request.service_id);
  const providerId = useProviderId();
  const [{ data: services }, { data: availability }, { data: profile }] = useSuspenseQueries({
    queries: [servicesQuery(providerId), availabilityQuery(providerId), profileQuery(providerId)],
  });
  const offered = services.find(({ service_id }) => service_id === lead.request.service_id);
  const [today] = useState(() => localDate(new Date(), availability.zone));
  if (offered === undefined) {
    return (
      <Card className="grid justify-items-start gap-3">
        <p>You do not offer {serviceName.toLowerCase()} at present, so you cannot make an offer.</p>
        <ButtonLink look="plain" to="/work/services">
          Your services
        </ButtonLink>
      </Card>
    );
  }
  if (lead.request.status === 'matching') {
    return (
      <Notice>Providers are being looked for at the moment. You can offer once the request is matched again.</Notice>
    );
  }
  return (
    <div className="grid gap-4">
      {profile.status === 'paused' && (
        <Notice tone="warn">
          You are paused, so your calendar shows no free times.{' '}
          <Link to="/work/profile?tab=agent" className="underline">
            Take work again
          </Link>
        </Notice>
      )}
      <Fields {...{ lead, serviceName, providerId, offered, today }} />
    </div>
  );
}

interface FieldsProps {
  lead: Lead;
  serviceName: string;
  providerId: string;
  offered: View<'ProviderServiceView'>;
  today: string;
}

function Fields({ lead, serviceName, providerId, offered, today }: FieldsProps) {
  const { request } = lead;
  const { currency } = offered;
  const queries = useQueryClient();
  const key = useIdempotencyKey();
  const [values, setValues, forget] = useKept<OfferValues>(`proxie.offer.${request.id}`, {
    price_cents: null,
    duration_minutes: offered.duration_minutes ?? null,
    price_notes: '',
    message: '',
    slots: [],
    expires_in_hours: 24,
  });
  const change = (changes: Partial<OfferValues>) => setValues({ ...values, ...changes });
  const wording = wordingOf({ firstName: request.first_name, service: serviceName, currency }, values);

  const send = useMutation({
    mutationFn: (body: View<'OfferBody'>) => call(client.POST('/offers', { body, params: { header: key(body) } })),
    onSuccess: async (offer) => {
      forget();
      queries.setQueryData(keys.offers.one(offer.id), offer);
      toast('Your offer is on its way.');
      await Promise.all([
        queries.invalidateQueries({ queryKey: keys.leads.all }),
        queries.invalidateQueries({ queryKey: keys.offers.list() }),
      ]);
    },
  });

  function submit() {
    const { price_cents, duration_minutes } = values;
    // Both are required, so the browser has asked for them already.
    if (price_cents === null || duration_minutes === null) return;
    send.mutate({
      ...values,
      request_id: request.id,
      service_id: request.service_id,
      price_cents,
      duration_minutes,
      currency,
      message: fill(values.message, wording),
    });
  }

  return (
    <Card className="grid gap-5">
      <h2 className="font-serif text-xl font-semibold">Your offer</h2>
      <SuggestionPanel requestId={request.id} values={values} onChange={setValues} />
      <Form onSubmit={submit} failure={send.error}>
        <div className="grid gap-4 sm:grid-cols-3">
          <MoneyField
            label="Price"
            pointer="/body/price_cents"
            value={values.price_cents}
            onChange={(minor) => change({ price_cents: minor })}
            currency={currency}
            required
          />
          <NumberField
            label="Minutes it takes"
            pointer="/body/duration_minutes"
            value={values.duration_minutes}
            onChange={(minutes) => change({ duration_minutes: minutes })}
            min={5}
            max={1440}
            required
          />
          <Select
            label="Good for"
            pointer="/body/expires_in_hours"
            value={String(values.expires_in_hours)}
            onChange={(hours) => change({ expires_in_hours: Number(hours) })}
            options={lives.map((hours) => ({ value: String(hours), label: `${hours} hours` }))}
          />
        </div>
        <SlotPicker
          label="When you could do it"
          providerId={providerId}
          serviceId={request.service_id}
          today={today}
          chosen={values.slots}
          onChange={(slots) => change({ slots })}
          most={MOST_SLOTS}
          wanted={request.window ?? null}
          pointer="/body/slots"
        />
        <TextArea
          label="What the price holds"
          pointer="/body/price_notes"
          hint="What is included, and what it may depend on."
          value={values.price_notes}
          onChange={(price_notes) => change({ price_notes })}
          maxLength={2_000}
          rows={2}
        />
        <TemplateSelect
          providerId={providerId}
          serviceId={request.service_id}
          onChoose={(text) => change({ message: fill(text, wording) })}
        />
        <TextArea
          label={`Message to ${request.first_name ?? 'the customer'}`}
          pointer="/body/message"
          hint={hasBraces(values.message) ? 'What is in braces is filled in when you send it.' : undefined}
          value={values.message}
          onChange={(message) => change({ message })}
          maxLength={5_000}
          rows={5}
        />
        {hasBraces(values.message) && <Reading text={fill(values.message, wording)} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" icon="send" busy={send.isPending} disabled={values.slots.length === 0}>
            Send offer
          </Button>
          {values.slots.length === 0 && <p className="text-sm text-muted">Pick at least one time first.</p>}
        </div>
      </Form>
    </Card>
  );
}

interface TemplateSelectProps {
  providerId: string;
  serviceId: string;
  onChoose: (text: string) => void;
}

/** Words of one's own to begin with; nothing if there are none for the service. */
function TemplateSelect({ providerId, serviceId, onChoose }: TemplateSelectProps) {
  const { data } = useSuspenseQuery(templatesQuery(providerId));
  const fitting = data.filter(({ service_id }) => service_id == null || service_id === serviceId);
  if (fitting.length === 0) return null;
  return (
    <Select
      label="Begin the message with a template"
      value=""
      onChange={(id) => {
        const template = fitting.find((one) => one.id === id);
        if (template !== undefined) onChoose(template.body);
      }}
      options={[
        { value: '', label: 'Choose a template' },
        ...fitting.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
