import type { View } from '../../api/client';
import { useServiceName } from '../../catalog/catalog';
import { needOf } from '../../requests/request';
import { StateBadge } from '../../ui/badge';
import { CardLink } from '../../ui/card';
import { formatMoney } from '../../ui/money';
import { Time } from '../../ui/time';
import { formatSlot } from '../../ui/times';

interface RequestCardProps {
  request: View<'RequestView'>;
  /** With offers: how many, and the best. */
  offers?: { count: number; best: View<'BestOfferView'> | null };
  /** Once it is booked. */
  booking?: View<'BriefBookingView'>;
}

/** A request in a list. */
export function RequestCard({ request, offers, booking }: RequestCardProps) {
  const nameOf = useServiceName();
  return (
    <CardLink to={`/requests/${request.id}`} className="grid gap-1">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium">{nameOf(request.service_id)}</span>
        <StateBadge state={request.status} />
      </span>
      <span>{needOf(request).join(' · ')}</span>
      {request.description !== '' && <span className="line-clamp-2 text-muted">{request.description}</span>}
      {offers !== undefined && <span className="font-medium text-good">{offersOf(offers)}</span>}
      {booking !== undefined && (
        <span className="font-medium">
          {formatSlot(booking.slot)} · {booking.provider_name} · {formatMoney(booking.price_cents, booking.currency)}
        </span>
      )}
      <span className="text-sm text-muted">
        Posted <Time at={request.created_at} ago />
      </span>
    </CardLink>
  );
}

function offersOf({ count, best }: { count: number; best: View<'BestOfferView'> | null }): string {
  const said = count === 1 ? '1 offer' : `${count} offers`;
  if (best === null) return said;
  const price = formatMoney(best.price_cents, best.currency);
  return `${said}, ${count === 1 ? '' : 'the best '}${price} by ${best.provider_name}`;
}
