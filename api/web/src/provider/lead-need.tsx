import type { View } from '../api/client';
import { useServiceName } from '../catalog/catalog';
import { PhotoLink } from '../media/photo-link';
import { Badge, StateBadge, wordsOf } from '../ui/badge';
import { Card } from '../ui/card';
import { Fact, Facts } from '../ui/facts';
import { formatMoneyRange } from '../ui/money';
import { Time } from '../ui/time';
import { formatMinutes } from '../ui/times';
import { budgetWords, formatScore, needPlaces, timingOf } from './lead';
import type { Lead } from './lead';

/** What somebody needs, as far as providers may know it, and why it came to this one. */
export function LeadNeed({ lead }: { lead: Lead }) {
  const nameOf = useServiceName();
  const { request } = lead;
  const name = request.first_name ?? 'Somebody';
  return (
    <>
      <Card className="grid gap-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="font-serif text-xl font-semibold">
            {nameOf(request.service_id)} for {name}
          </h2>
          <StateBadge state={request.status} />
        </div>
        {request.description !== '' && <p className="break-words whitespace-pre-wrap">{request.description}</p>}
        {request.specializations.length > 0 && (
          <ul aria-label="Asked for especially" className="flex flex-wrap gap-2">
            {request.specializations.map((phrase) => (
              <li key={phrase}>
                <Badge>{phrase}</Badge>
              </li>
            ))}
          </ul>
        )}
        <Facts layout={2}>
          <Fact name="When">{timingOf(request)}</Fact>
          <Fact name="Budget">{budgetWords(request)}</Fact>
          <Fact name="Where">
            {request.city}
            {request.place != null && ` · ${needPlaces[request.place]}`}
          </Fact>
          <Fact name="Takes offers until">
            <Time at={request.expires_at} />
          </Fact>
        </Facts>
        {request.media.length > 0 && (
          <ul aria-label="Photos" className="grid grid-cols-2 gap-2 sm:grid-cols-3">
            {request.media.map((media, at) => (
              <li key={media.id}>
                <PhotoLink media={media} alt={`Photo ${at + 1} of what is needed`} ratio="4 / 3" />
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card className="grid gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="font-serif text-lg font-semibold">Why it came to you</h2>
          <Badge tone="accent">{formatScore(lead.score)}</Badge>
        </div>
        <ul className="list-disc pl-5">
          {lead.why.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Card>
      {request.specialist !== null && <Specialist said={request.specialist} />}
    </>
  );
}

function Specialist({ said }: { said: View<'SpecialistView'> }) {
  const { price, duration_minutes: duration } = said;
  return (
    <Card className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">What the specialist says</h2>
      <Facts layout={3}>
        <Fact name="How demanding">{wordsOf(said.complexity)}</Fact>
        <Fact name="Price to expect">{formatMoneyRange(price.low_cents, price.high_cents, price.currency)}</Fact>
        <Fact name="Time to expect">
          {duration.low === duration.high
            ? formatMinutes(duration.low)
            : `${formatMinutes(duration.low)} to ${formatMinutes(duration.high)}`}
        </Fact>
      </Facts>
      <Sentences label="Why" sentences={said.factors.map(({ because }) => because)} />
      <Sentences label="Good to know" sentences={said.notes} />
      <Sentences label="The customer was told" sentences={said.warnings} />
    </Card>
  );
}

function Sentences({ label, sentences }: { label: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm font-medium">{label}</h3>
      <ul className="list-disc pl-5">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
