import { useServiceName } from '../catalog/catalog';
import { Badge, StateBadge } from '../ui/badge';
import { CardLink } from '../ui/card';
import { formatMoney } from '../ui/money';
import { formatSlot } from '../ui/times';
import { otherSideOf } from './booking';
import type { Booking } from './booking';

/** A booking in a list; leads to its page. */
export function BookingCard({ booking }: { booking: Booking }) {
  const nameOf = useServiceName();
  return (
    <CardLink to={`/bookings/`} className="grid gap-1">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium">{nameOf(booking.service_id)}</span>
        <BookingBadges booking={booking} />
      </span>
      <span>{formatSlot(booking.slot)}</span>
      <span className="text-sm text-muted">
        {booking.side === 'provider' ? 'For' : 'With'} {otherSideOf(booking)} ·{' '}
        {formatMoney(booking.price_cents, booking.currency)}
      </span>
    </CardLink>
  );
}

/** How a booking stands, and whether a proposal waits. */
export function BookingBadges({ booking }: { booking: Booking }) {
  const proposal = booking.status === 'confirmed' ? booking.proposal : null;
  return (
    <span className="flex flex-wrap gap-1.5">
      {proposal != null && (
        <Badge tone="warn">{proposal.by === booking.side ? 'New time proposed' : 'New time to answer'}</Badge>
      )}
      {booking.late && <Badge tone="warn">Late</Badge>}
      <StateBadge state={booking.status} />
    </span>
  );
}
