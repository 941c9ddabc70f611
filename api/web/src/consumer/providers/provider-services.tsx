import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { View } from '../../api/client';
import { SlotWeeks } from '../../bookings/slot-weeks';
import { useServiceName } from '../../catalog/catalog';
import { servicesQuery } from '../../providers/provider';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Select } from '../../ui/fields';
import { formatMoneyRange } from '../../ui/money';
import { formatMinutes, formatSlot, formatTime } from '../../ui/times';

type Service = View<'ProviderServiceView'>;

const places: Record<View<'ServicePlace'>, string> = {
  consumer: 'At your place',
  provider: 'At theirs',
  remote: 'Remote',
};

/** What of it can be booked: a service whose licence waits cannot. */
function useBookable(providerId: string): Service[] {
  const { data } = useSuspenseQuery(servicesQuery(providerId));
  return data.filter(({ licence }) => licence === 'not_needed' || licence === 'verified');
}

/** What can be booked, and for how much. To be put in a panel. */
export function ProviderServices({ providerId }: { providerId: string }) {
  const nameOf = useServiceName();
  return (
    <ul className="grid gap-3 sm:grid-cols-2">
      {useBookable(providerId).map((service) => (
        <li key={service.service_id}>
          <Card className="grid h-full content-start gap-1.5">
            <p className="flex flex-wrap items-baseline justify-between gap-2">
              <span className="font-medium">{nameOf(service.service_id)}</span>
              <span>{formatMoneyRange(service.price_min_cents, service.price_max_cents, service.currency)}</span>
            </p>
            <p className="text-sm text-muted">
              {[
                service.duration_minutes == null ? null : formatMinutes(service.duration_minutes),
                ...service.places.map((place) => places[place]),
              ]
                .filter((part) => part !== null)
                .join(' · ')}
            </p>
            {service.description !== '' && <p className="whitespace-pre-wrap">{service.description}</p>}
            {(service.licence === 'verified' || service.specializations.length > 0) && (
              <p className="flex flex-wrap gap-1.5">
                {service.licence === 'verified' && <Badge tone="good">Licence checked</Badge>}
                {service.specializations.map((phrase) => (
                  <Badge key={phrase}>{phrase}</Badge>
                ))}
              </p>
            )}
          </Card>
        </li>
      ))}
    </ul>
  );
}

/** When there is time for a service; a time leads to the chat. To be put in a panel. */
export function ProviderTimes({ provider }: { provider: View<'ProfileView'> }) {
  const services = useBookable(provider.id);
  const nameOf = useServiceName();
  const [chosen, setChosen] = useState<string | null>(null);
  const serviceId = chosen ?? services.at(0)?.service_id;
  if (serviceId === undefined) return null;
  return (
    <Card className="grid gap-4">
      <Select
        label="Service"
        value={serviceId}
        onChange={setChosen}
        options={services.map(({ service_id: id }) => ({ value: id, label: nameOf(id) }))}
      />
      <SlotWeeks key={serviceId} providerId={provider.id} serviceId={serviceId} zone={provider.zone}>
        {(slot) => (
          <Link
            to={askPath(provider.id, `I would like ${nameOf(serviceId)} on ${formatSlot(slot)}.`)}
            className="inline-flex min-h-11 items-center rounded-control border border-line-strong px-3 hover:bg-sunken"
          >
            {formatTime(slot.start_at, slot.zone)}
          </Link>
        )}
      </SlotWeeks>
    </Card>
  );
}

/** The chat about a provider, with something to say already. */
function askPath(providerId: string, text: string): string {
  return `/?${new URLSearchParams({ provider: providerId, text }).toString()}`;
}
