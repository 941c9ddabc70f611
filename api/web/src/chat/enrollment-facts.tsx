import type { View } from '../api/client';
import { useServiceName } from '../catalog/catalog';
import { Fact, Facts } from '../ui/facts';
import { formatMoneyRange } from '../ui/money';
import { formatMinutes } from '../ui/times';
import { AvailabilityFacts } from './availability-facts';

/** What is filled in of an enrollment. */
export function EnrollmentFacts({ fields }: { fields: View<'EnrollmentFields'> }) {
  const nameOf = useServiceName();
  const services = fields.services ?? [];
  return (
    <>
      <Facts>
        <Fact name="Name">{fields.business_name}</Fact>
        <Fact name="In a line">{fields.headline}</Fact>
        <Fact name="About you">{fields.bio}</Fact>
        <Fact name="City">{fields.city}</Fact>
        <Fact name="Travels">{fields.radius_km != null && `up to ${fields.radius_km} km`}</Fact>
        <Fact name="Experience">{fields.years_experience != null && `${fields.years_experience} years`}</Fact>
        <Fact name="Languages">{fields.languages?.join(', ')}</Fact>
        <Fact name="E-mail">{fields.email}</Fact>
        <Fact name="Phone">{fields.phone}</Fact>
        <Fact name="Street">{fields.street}</Fact>
        <Fact name="Photos">{(fields.portfolio?.length ?? 0) > 0 && String(fields.portfolio?.length)}</Fact>
        {services.map((service) => (
          <Fact key={service.service_id} name={nameOf(service.service_id)}>
            {serviceWords(service)}
          </Fact>
        ))}
      </Facts>
      {fields.availability != null && <AvailabilityFacts availability={fields.availability} />}
    </>
  );
}

function serviceWords(service: View<'EnrollmentService'>): string {
  const { price_min_cents, price_max_cents, currency, duration_minutes, specializations, licence_number } = service;
  const parts = [
    formatMoneyRange(price_min_cents, price_max_cents, currency ?? 'USD'),
    duration_minutes == null ? null : formatMinutes(duration_minutes),
    specializations?.join(', ') ?? null,
    licence_number == null ? null : `licence ${licence_number}`,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ') || 'As is usual';
}
