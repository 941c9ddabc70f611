import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { useCatalog } from '../catalog/catalog';
import { Badge } from '../ui/badge';
import type { Tone } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { formatMoneyRange } from '../ui/money';
import { Notice } from '../ui/notice';
import { formatLocalDate, formatMinutes } from '../ui/times';
import { toast } from '../ui/toast';
import { placeLabels } from './service-fields';
import { EditServiceForm, useServicesRefresh } from './service-forms';

interface OfferedServiceProps {
  providerId: string;
  offered: View<'ProviderServiceView'>;
}

const licences: Record<View<'Licence'>, { label: string; tone: Tone } | null> = {
  not_needed: null,
  pending_verification: { label: 'Licence is looked at', tone: 'warn' },
  verified: { label: 'Licence verified', tone: 'good' },
  rejected: { label: 'Licence rejected', tone: 'bad' },
};

/** A service that is offered, and the form of it. */
export function OfferedService({ providerId, offered }: OfferedServiceProps) {
  const service = useCatalog()
    .flatMap(({ services }) => services)
    .find(({ id }) => id === offered.service_id);
  const [isEdited, setEdited] = useState(false);
  const name = service?.name ?? offered.service_id;
  const licence = licences[offered.licence];
  return (
    <Card className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-serif text-lg font-semibold">{name}</h2>
        {licence !== null && <Badge tone={licence.tone}>{licence.label}</Badge>}
      </div>
      {isEdited && service !== undefined ? (
        <EditServiceForm {...{ providerId, service, offered }} onDone={() => setEdited(false)} />
      ) : (
        <>
          <Terms offered={offered} />
          <div className="flex flex-wrap gap-2">
            {service !== undefined && (
              <Button look="plain" size="small" icon="edit" onClick={() => setEdited(true)}>
                Edit<span className="sr-only"> {name}</span>
              </Button>
            )}
            <Remove providerId={providerId} serviceId={offered.service_id} name={name} />
          </div>
        </>
      )}
    </Card>
  );
}

function Terms({ offered }: { offered: View<'ProviderServiceView'> }) {
  const { price_min_cents: min, price_max_cents: max, currency, licence, licence_details: details } = offered;
  const price = formatMoneyRange(min, max, currency) ?? 'No price named';
  const duration = offered.duration_minutes == null ? 'as long as typical' : formatMinutes(offered.duration_minutes);
  return (
    <>
      <p>
        {price} · {duration} · {offered.places.map((place) => placeLabels[place]).join(', ')}
      </p>
      {offered.specializations.length > 0 && (
        <ul aria-label="Especially good at" className="flex flex-wrap gap-2">
          {offered.specializations.map((phrase) => (
            <li key={phrase}>
              <Badge>{phrase}</Badge>
            </li>
          ))}
        </ul>
      )}
      {offered.description !== '' && (
        <p className="break-words whitespace-pre-wrap text-muted">{offered.description}</p>
      )}
      {licence !== 'not_needed' && (
        <Notice tone={licence === 'verified' ? 'good' : licence === 'rejected' ? 'bad' : 'warn'}>
          <p>
            {details?.number == null ? 'No licence number yet' : `Licence ${details.number}`}
            {details?.expires_on != null && `, good until ${formatLocalDate(details.expires_on)}`}.
          </p>
          {licence === 'pending_verification' && (
            <p>You are not matched for this service until we have looked at it.</p>
          )}
          {licence === 'rejected' && <p>Put the number or date right, and we look at it again.</p>}
          {details?.note != null && <p className="mt-1">“{details.note}”</p>}
        </Notice>
      )}
    </>
  );
}

function Remove({ providerId, serviceId, name }: { providerId: string; serviceId: string; name: string }) {
  const [isAsked, setAsked] = useState(false);
  const refresh = useServicesRefresh(providerId);
  const remove = useMutation({
    mutationFn: () =>
      call(
        client.DELETE('/providers/{provider_id}/services/{service_id}', {
          params: { path: { provider_id: providerId, service_id: serviceId } },
        }),
      ),
    onSuccess: async () => {
      toast(`You do not offer ${name.toLowerCase()} any more.`);
      await refresh();
    },
  });
  return (
    <>
      <Button look="quiet" size="small" icon="trash" onClick={() => setAsked(true)}>
        Remove<span className="sr-only"> {name}</span>
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={`Remove ${name}?`}
        description="You are not found or matched for it any more. That is not possible while offers or bookings are open for it."
        confirm="Remove"
        danger
        onConfirm={() => remove.mutateAsync()}
      />
    </>
  );
}
