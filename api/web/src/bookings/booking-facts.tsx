import { Fact, Facts } from '../ui/facts';
import { formatMoney } from '../ui/money';
import { Notice } from '../ui/notice';
import { Time } from '../ui/time';
import { formatSlot } from '../ui/times';
import { otherSideOf, placeOf } from './booking';
import type { Booking } from './booking';

/** When, where and for how much; and how it ended. */
export function BookingFacts({ booking }: { booking: Booking }) {
  return (
    <div className="grid gap-4">
      {booking.status === 'cancelled' && <Cancelled booking={booking} />}
      <Facts layout={1}>
        <Fact icon="calendar" name="When">
          {formatSlot(booking.slot)}
        </Fact>
        <Fact icon="pin" name="Where">
          {placeOf(booking)}
          {booking.address != null && <address className="whitespace-pre-wrap not-italic">{booking.address}</address>}
        </Fact>
        <Fact icon="info" name="Instructions">
          {booking.instructions}
        </Fact>
        <Fact icon="money" name="Price">
          {formatMoney(booking.price_cents, booking.currency)}
        </Fact>
      </Facts>
    </div>
  );
}

/** How the other side is reached, as long as that is shown. */
export function BookingContact({ booking }: { booking: Booking }) {
  const { contact } = booking;
  if (contact == null) {
    return (
      <p className="text-muted">
        {booking.status === 'cancelled'
          ? 'Contact data is not shown any more: the booking was cancelled.'
          : 'Contact data is not shown any more: the booking ended more than 30 days ago.'}
      </p>
    );
  }
  const said = contact.phone ?? contact.email ?? contact.street;
  return (
    <div className="grid gap-3">
      <Facts layout={1}>
        <Fact icon="user" name="Name">
          {contact.name ?? otherSideOf(booking)}
        </Fact>
        {contact.phone != null && (
          <Fact icon="phone" name="Phone">
            <a className="text-accent underline" href={`tel:${contact.phone.replaceAll(' ', '')}`}>
              {contact.phone}
            </a>
          </Fact>
        )}
        {contact.email != null && (
          <Fact icon="mail" name="E-mail">
            <a className="break-all text-accent underline" href={`mailto:${contact.email}`}>
              {contact.email}
            </a>
          </Fact>
        )}
        {contact.street != null && (
          <Fact icon="pin" name="Street">
            <address className="whitespace-pre-wrap not-italic">{contact.street}</address>
          </Fact>
        )}
      </Facts>
      {said == null && <p className="text-muted">{otherSideOf(booking)} has not said how to be reached.</p>}
    </div>
  );
}

function Cancelled({ booking }: { booking: Booking }) {
  const { cancelled_by: by, ended_at: at, cancel_reason: reason } = booking;
  const who = by == null ? 'Cancelled' : by === booking.side ? 'You cancelled' : `${otherSideOf(booking)} cancelled`;
  return (
    <Notice tone="warn">
      <p>
        {who}
        {at != null && (
          <>
            {' '}
            <Time at={at} zone={booking.slot.zone} />
          </>
        )}
        {booking.late ? ', less than a day before the start.' : '.'}
      </p>
      {reason != null && <p className="mt-1 whitespace-pre-wrap">“{reason}”</p>}
    </Notice>
  );
}
