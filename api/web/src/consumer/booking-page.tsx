import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { bookingQuery, otherSideOf } from '../bookings/booking';
import type { Booking } from '../bookings/booking';
import { BookingBadges } from '../bookings/booking-card';
import { BookingContact, BookingFacts } from '../bookings/booking-facts';
import { BookingMoves } from '../bookings/booking-moves';
import { Proposal } from '../bookings/reschedule';
import { useServiceName } from '../catalog/catalog';
import { ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { BookingReview } from './reviews/booking-review';

/** A booking as either side sees it; notifications of both lead here. */
export default function BookingPage() {
  const { id = '' } = useParams();
  const { data: booking } = useSuspenseQuery(bookingQuery(id));
  const nameOf = useServiceName();
  const isWork = booking.side === 'provider';
  const other = otherSideOf(booking);
  return (
    <Page
      title={isWork ? `${nameOf(booking.service_id)} for ${other}` : `${nameOf(booking.service_id)} with ${other}`}
      back={<BackLink to={isWork ? '/work/bookings' : '/bookings'}>Bookings</BackLink>}
      actions={<BookingBadges booking={booking} />}
    >
      <Proposal booking={booking} />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Card>
          <BookingFacts booking={booking} />
        </Card>
        <Card className="grid gap-3">
          <h2 className="font-serif text-lg font-semibold">How to reach {other}</h2>
          <BookingContact booking={booking} />
        </Card>
      </div>
      <BookingMoves booking={booking} />
      <Elsewhere booking={booking} />
      {booking.side === 'consumer' && booking.status === 'completed' && (
        <section className="grid gap-3">
          <h2 className="font-serif text-xl font-semibold">Your review</h2>
          <Panel>
            <BookingReview booking={booking} />
          </Panel>
        </section>
      )}
    </Page>
  );
}

function Elsewhere({ booking }: { booking: Booking }) {
  const isWork = booking.side === 'provider';
  return (
    <div className="flex flex-wrap gap-2">
      <ButtonLink to={`/?booking=${booking.id}`} look="quiet" icon="chat">
        Talk about it
      </ButtonLink>
      <ButtonLink
        to={isWork ? `/work/leads/${booking.request_id}` : `/requests/${booking.request_id}`}
        look="quiet"
        icon="tag"
      >
        {isWork ? 'What they asked for' : 'What you asked for'}
      </ButtonLink>
      {!isWork && (
        <ButtonLink to={`/providers/${booking.provider_id}`} look="quiet" icon="user">
          About {booking.provider_name}
        </ButtonLink>
      )}
    </div>
  );
}
