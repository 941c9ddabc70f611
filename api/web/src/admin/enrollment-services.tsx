import type { View } from '../api/client';
import { useService } from '../catalog/catalog';
import { Badge, wordsOf } from '../ui/badge';
import { Fact, Facts } from '../ui/facts';
import { formatMoneyRange } from '../ui/money';
import { formatLocalDate, formatMinutes, localDate } from '../ui/times';

type Service = View<'EnrollmentService'>;

/** What somebody means to offer, with the licences to be looked at. */
export function EnrollmentServices({ services }: { services: readonly Service[] }) {
  if (services.length === 0) return null;
  return (
    <section aria-label="Services" className="grid gap-3">
      <h3 className="font-medium">Services</h3>
      <ul className="grid gap-3">
        {services.map((service) => (
          <li key={service.service_id}>
            <OfferedService service={service} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OfferedService({ service }: { service: Service }) {
  const known = useService(service.service_id);
  return (
    <div className="grid gap-2 rounded-control bg-sunken p-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{known?.name ?? wordsOf(service.service_id)}</span>
        {known?.licensed === true && <Badge tone="warn">Needs a licence</Badge>}
        {isOver(service.licence_expires_on) && <Badge tone="bad">Licence has expired</Badge>}
      </div>
      <ServiceFacts service={service} />
    </div>
  );
}

function ServiceFacts({ service }: { service: Service }) {
  return (
    <Facts>
      <Fact name="Licence number">{service.licence_number}</Fact>
      <Fact name="Licence is good until">
        {service.licence_expires_on != null && formatLocalDate(service.licence_expires_on)}
      </Fact>
      <Fact name="Price">
        {formatMoneyRange(service.price_min_cents, service.price_max_cents, service.currency ?? 'USD')}
      </Fact>
      <Fact name="Takes">{service.duration_minutes != null && formatMinutes(service.duration_minutes)}</Fact>
      <Fact name="Where">{service.places?.map((place) => places[place]).join(', ')}</Fact>
      <Fact name="Special in">{service.specializations?.join(', ')}</Fact>
      <Fact name="Description">{service.description}</Fact>
    </Facts>
  );
}

const places: Record<View<'ServicePlace'>, string> = {
  provider: 'at their place',
  consumer: 'at the customer’s',
  remote: 'remotely',
};

/** In the west it may still be the day before. */
function isOver(day: string | null | undefined): boolean {
  return day != null && day < localDate(new Date(), 'UTC');
}
