import { Link } from 'react-router';
import type { Offer } from '../../offers/offer';
import { StateBadge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { formatMoney } from '../../ui/money';

/** Why an offer ended, where the API has a word for it. */
const reasons: Record<string, string> = {
  time_over: 'Its time was over.',
  slots_gone: 'None of its times was free any more.',
  another_accepted: 'You took another offer.',
};

/** An offer that nobody can accept any more. */
export function EndedOffer({ offer }: { offer: Offer }) {
  const { reason } = offer;
  return (
    <Card className="flex flex-wrap items-center justify-between gap-2">
      <div>
        <Link to={`/providers/${offer.provider_id}`} className="underline-offset-4 hover:underline">
          {offer.provider.name}
        </Link>
        <span className="text-muted"> · {formatMoney(offer.price_cents, offer.currency)}</span>
        {reason != null && <p className="text-sm text-muted">{reasons[reason] ?? `“${reason}”`}</p>}
      </div>
      <StateBadge state={offer.status} />
    </Card>
  );
}
