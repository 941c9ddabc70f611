import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { useIdempotencyKey } from '../api/idempotency';
import { keys } from '../api/keys';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';
import { inBody } from './errors-at';
import { ServiceFields } from './service-fields';
import type { ServiceValues } from './service-fields';

interface AddServiceFormProps {
  providerId: string;
  /** What the catalog knows of it. */
  service: View<'ServiceView'>;
  values: ServiceValues;
  onChange: (values: ServiceValues) => void;
  /** It is added, or not wanted any more. */
  onDone: () => void;
}

export function AddServiceForm({ providerId, service, values, onChange, onDone }: AddServiceFormProps) {
  const key = useIdempotencyKey();
  const refresh = useServicesRefresh(providerId);
  const add = useMutation({
    mutationFn: (body: View<'Offered'>) =>
      call(
        client.POST('/providers/{provider_id}/services', {
          params: { path: { provider_id: providerId }, header: key(body) },
          body,
        }),
      ),
    onSuccess: async () => {
      onDone();
      toast(service.licensed ? 'Added. It waits until we have looked at the licence.' : `${service.name} is added.`);
      await refresh();
    },
  });
  return (
    <Card className="grid gap-4">
      <h2 className="font-serif text-lg font-semibold">New: {service.name}</h2>
      <Form onSubmit={() => add.mutate(offeredOf(service, values))} failure={add.error}>
        <ServiceFields
          service={service}
          value={values}
          onChange={(changes) => onChange({ ...values, ...changes })}
          at={inBody}
        />
        <Buttons label="Add service" busy={add.isPending} onCancel={onDone} />
      </Form>
    </Card>
  );
}

interface EditServiceFormProps {
  providerId: string;
  service: View<'ServiceView'>;
  offered: View<'ProviderServiceView'>;
  onDone: () => void;
}

export function EditServiceForm({ providerId, service, offered, onDone }: EditServiceFormProps) {
  const refresh = useServicesRefresh(providerId);
  const [values, setValues] = useState<ServiceValues>({
    ...offered,
    licence_number: offered.licence_details?.number ?? null,
    licence_expires_on: offered.licence_details?.expires_on ?? null,
  });
  const save = useMutation({
    mutationFn: () => {
      const { service_id, ...body } = offeredOf(service, values);
      return call(
        client.PATCH('/providers/{provider_id}/services/{service_id}', {
          params: { path: { provider_id: providerId, service_id } },
          body,
        }),
      );
    },
    onSuccess: async () => {
      onDone();
      toast('Saved');
      await refresh();
    },
  });
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error}>
      <ServiceFields
        service={service}
        value={values}
        onChange={(changes) => setValues({ ...values, ...changes })}
        at={inBody}
      />
      <Buttons label="Save" busy={save.isPending} onCancel={onDone} />
    </Form>
  );
}

function Buttons({ label, busy, onCancel }: { label: string; busy: boolean; onCancel: () => void }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button type="submit" busy={busy}>
        {label}
      </Button>
      <Button look="quiet" onClick={onCancel}>
        Not now
      </Button>
    </div>
  );
}

/** What hangs together with the services is asked for again. */
export function useServicesRefresh(providerId: string): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: keys.providers.one(providerId) });
}

/** The body of a service: what was not said is as the catalog has it. */
function offeredOf(service: View<'ServiceView'>, values: ServiceValues): View<'Offered'> {
  return {
    service_id: service.id,
    currency: values.currency ?? service.price.currency,
    places: values.places ?? service.places,
    price_min_cents: values.price_min_cents ?? null,
    price_max_cents: values.price_max_cents ?? null,
    duration_minutes: values.duration_minutes ?? null,
    specializations: values.specializations ?? [],
    description: values.description ?? null,
    licence_number: values.licence_number ?? null,
    licence_expires_on: values.licence_expires_on ?? null,
  };
}
