import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Badge, StateBadge } from '../ui/badge';
import { Card } from '../ui/card';
import { Markdown } from '../ui/markdown';
import { formatMoney } from '../ui/money';
import { Rating } from '../ui/rating';
import { Time } from '../ui/time';
import { formatMinutes, formatSlot } from '../ui/times';
import type { Offer } from './offer';

const MOST_SLOTS = 4;

/** An offer as who asked for it sees it, told in the same order as all others, so that they can be compared. */
export function OfferCard({
  offer,
  children,
}: {
  offer: Offer;
  /** What can be done with it. */ children?: ReactNode;
}) {
  const { provider, message, price_notes: notes } = offer;
  return (
    <Card className="grid grid-rows-[auto_auto_1fr_auto] gap-3">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h3 className="font-medium [overflow-wrap:anywhere]">
            <Link to={`/providers/${offer.provider_id}`} className="underline-offset-4 hover:underline">
              {provider.name}
            </Link>
          </h3>
          <p className="flex flex-wrap gap-x-2 text-sm text-muted">
            <Rating rating={provider.rating} count={provider.review_count} />
            <span>{provider.city}</span>
            {provider.completed_jobs > 0 && <span>{provider.completed_jobs} jobs done here</span>}
          </p>
        </div>
        <div className="text-right">
          <p className="font-serif text-xl font-semibold">{formatMoney(offer.price_cents, offer.currency)}</p>
          <p className="text-sm text-muted">{formatMinutes(offer.duration_minutes)}</p>
        </div>
      </div>
      <OfferSlots offer={offer} />
      <div className="grid content-start gap-2">
        {notes !== '' && <p className="text-sm whitespace-pre-wrap">{notes}</p>}
        {message !== '' && (
          <div className="text-sm text-muted">
            <Markdown text={message} />
          </div>
        )}
        <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
          {offer.status === 'pending' ? (
            <span>
              Good until <Time at={offer.expires_at} />
            </span>
          ) : (
            <StateBadge state={offer.status} />
          )}
          {offer.automatic && <Badge>By their agent</Badge>}
        </p>
      </div>
      <div className="flex flex-wrap gap-2 empty:hidden">{children}</div>
    </Card>
  );
}

function OfferSlots({ offer }: { offer: Offer }) {
  const free = offer.slots.filter(({ free }) => free);
  return (
    <ul aria-label="Times" className="grid content-start gap-1 text-sm">
      {free.slice(0, MOST_SLOTS).map((slot) => (
        <li key={slot.start_at}>{formatSlot(slot)}</li>
      ))}
      {free.length > MOST_SLOTS && <li className="text-muted">and {free.length - MOST_SLOTS} more</li>}
      {free.length === 0 && offer.status === 'pending' && (
        <li className="text-warn">None of its times is free any more.</li>
      )}
    </ul>
  );
}
