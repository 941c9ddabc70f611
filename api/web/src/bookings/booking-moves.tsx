import { useState } from 'react';
import { call, client } from '../api/client';
import { Button } from '../ui/button';
import { ConfirmDialog } from '../ui/dialog';
import { useNow } from '../ui/now';
import { toast } from '../ui/toast';
import { isAhead, isBegun, otherSideOf, useBookingMove } from './booking';
import type { Booking } from './booking';
import { CancelBookingDialog } from './cancel-booking';
import { RescheduleDialog } from './reschedule';

/** What the reader's side can do with a booking now; nothing once it has ended. */
export function BookingMoves({ booking }: { booking: Booking }) {
  const now = useNow();
  if (isAhead(booking, now)) return <MovesBefore booking={booking} />;
  if (isBegun(booking, now) && booking.side === 'provider') return <MovesAfter booking={booking} />;
  return null;
}

/** Before the start either side can have it moved or call it off. */
function MovesBefore({ booking }: { booking: Booking }) {
  const [asks, setAsks] = useState<'reschedule' | 'cancel' | null>(null);
  const isToAnswer = booking.proposal != null && booking.proposal.by !== booking.side;
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="plain" icon="clock" disabled={isToAnswer} onClick={() => setAsks('reschedule')}>
        Propose another time
      </Button>
      <Button look="danger" onClick={() => setAsks('cancel')}>
        Cancel booking
      </Button>
      {isToAnswer && <p className="self-center text-sm text-muted">Answer the proposed time first.</p>}
      <RescheduleDialog booking={booking} open={asks === 'reschedule'} onClose={() => setAsks(null)} />
      <CancelBookingDialog booking={booking} open={asks === 'cancel'} onClose={() => setAsks(null)} />
    </div>
  );
}

/** After the start the provider says how it went. */
function MovesAfter({ booking }: { booking: Booking }) {
  const [asks, setAsks] = useState<'complete' | 'no_show' | null>(null);
  const path = { path: { booking_id: booking.id } };
  const complete = useBookingMove(() => call(client.PUT('/bookings/{booking_id}/complete', { params: path })));
  const report = useBookingMove(() => call(client.PUT('/bookings/{booking_id}/no_show', { params: path })));
  const other = otherSideOf(booking);
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon="check" onClick={() => setAsks('complete')}>
        The work is done
      </Button>
      <Button look="plain" onClick={() => setAsks('no_show')}>
        {other} was not there
      </Button>
      <ConfirmDialog
        open={asks === 'complete'}
        onClose={() => setAsks(null)}
        title="Is the work done?"
        description={`${other} is asked for a review then. You need not do this: it happens by itself 48 hours after the end.`}
        confirm="The work is done"
        onConfirm={async () => {
          await complete.mutateAsync(undefined);
          toast('The booking is completed.');
        }}
      />
      <ConfirmDialog
        open={asks === 'no_show'}
        onClose={() => setAsks(null)}
        title={`Was ${other} not there?`}
        description="This ends the booking, and cannot be taken back."
        confirm="Report it"
        danger
        onConfirm={async () => {
          await report.mutateAsync(undefined);
          toast('Reported.');
        }}
      />
    </div>
  );
}
