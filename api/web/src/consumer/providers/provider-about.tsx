import type { View } from '../../api/client';
import { Fact, Facts } from '../../ui/facts';
import { formatMinutes } from '../../ui/times';

/** What a provider says of itself, and how it fares. */
export function ProviderAbout({ provider }: { provider: View<'ProfileView'> }) {
  const { bio, years_experience: years, languages, response_rate: rate, response_minutes: minutes } = provider;
  return (
    <div className="grid gap-4">
      {bio !== '' && <p className="max-w-prose whitespace-pre-wrap">{bio}</p>}
      <Facts layout={3}>
        <Fact name="Works from">{provider.city}</Fact>
        <Fact name="Travels up to">{provider.radius_km} km</Fact>
        <Fact name="Jobs done here">{provider.completed_jobs}</Fact>
        {years != null && <Fact name="Experience">{years === 1 ? '1 year' : `${years} years`}</Fact>}
        {languages.length > 0 && <Fact name="Speaks">{languages.join(', ')}</Fact>}
        {rate != null && <Fact name="Answers within a day">{Math.round(rate * 100)} % of requests</Fact>}
        {minutes != null && <Fact name="Usually answers in">{formatMinutes(minutes)}</Fact>}
        {provider.late_cancellations > 0 && <Fact name="Late cancellations">{provider.late_cancellations}</Fact>}
      </Facts>
    </div>
  );
}
