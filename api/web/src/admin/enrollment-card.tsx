import type { View } from '../api/client';
import { hoursWords, weekdays } from '../providers/availability';
import { StateBadge, wordsOf } from '../ui/badge';
import { Card } from '../ui/card';
import { Fact, Facts } from '../ui/facts';
import { Notice } from '../ui/notice';
import { Time } from '../ui/time';
import { ProviderLink, UserLink } from './account-link';
import { EnrollmentDecision } from './enrollment-decision';
import { EnrollmentPhotos } from './enrollment-photos';
import { EnrollmentServices } from './enrollment-services';

type Availability = View<'Availability'>;

/** All that somebody filled in to become a provider, and what an admin decides about it. */
export function EnrollmentCard({ enrollment }: { enrollment: View<'EnrollmentView'> }) {
  const { fields } = enrollment;
  const name = fields.business_name ?? 'No name yet';
  return (
    <Card className="grid gap-5">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-serif text-lg font-semibold">{name}</h2>
        <StateBadge state={enrollment.status} />
        <span className="ml-auto text-sm text-muted">
          <Submitted enrollment={enrollment} />
        </span>
      </div>
      {enrollment.reasons.length > 0 && (
        <Notice tone="warn">
          <p className="font-medium">Sent back because:</p>
          <ul className="list-disc pl-5">
            {enrollment.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Facts>
        <Fact name="Account">
          <UserLink id={enrollment.user_id} />
        </Fact>
        <Fact name="Provider">{enrollment.provider_id != null && <ProviderLink id={enrollment.provider_id} />}</Fact>
        <Fact name="Headline">{fields.headline}</Fact>
        <Fact name="In their words">{fields.bio}</Fact>
        <Fact name="City">{fields.city}</Fact>
        <Fact name="Street">{fields.street}</Fact>
        <Fact name="Travels">{fields.radius_km != null && `${fields.radius_km} km`}</Fact>
        <Fact name="Languages">{fields.languages?.join(', ')}</Fact>
        <Fact name="Experience">{fields.years_experience != null && `${fields.years_experience} years`}</Fact>
        <Fact name="E-mail">{fields.email}</Fact>
        <Fact name="Phone">{fields.phone}</Fact>
        <Fact name="Hours">{fields.availability != null && hoursOf(fields.availability)}</Fact>
      </Facts>
      <EnrollmentServices services={fields.services ?? []} />
      <EnrollmentPhotos photos={fields.portfolio ?? []} />
      {enrollment.missing.length > 0 && (
        <Facts>
          <Fact name="Missing">{enrollment.missing.map(({ message }) => message).join('\n')}</Fact>
        </Facts>
      )}
      {enrollment.status === 'pending_verification' && <EnrollmentDecision enrollment={enrollment} name={name} />}
    </Card>
  );
}

function Submitted({ enrollment }: { enrollment: View<'EnrollmentView'> }) {
  if (enrollment.submitted_at == null) {
    return (
      <>
        begun <Time at={enrollment.created_at} ago />
      </>
    );
  }
  return (
    <>
      handed in <Time at={enrollment.submitted_at} ago />
    </>
  );
}

/** A week as lines: `Monday 09:00–17:00`. */
function hoursOf({ weekly, zone }: Availability): string {
  const lines = weekdays.flatMap((day) => {
    const hours = weekly[day] ?? [];
    return hours.length === 0 ? [] : `${wordsOf(day)} ${hoursWords(hours)}`;
  });
  return [...lines, `in the zone ${zone}`].join('\n');
}
