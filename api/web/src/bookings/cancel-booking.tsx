import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { ConfirmDialog } from '../ui/dialog';
import { Checkbox, TextArea } from '../ui/fields';
import { Notice } from '../ui/notice';
import { useNow } from '../ui/now';
import { formatSlot } from '../ui/times';
import { toast } from '../ui/toast';
import { otherSideOf, useBookingMove, wouldBeLate } from './booking';
import type { Booking } from './booking';

interface CancelBookingProps {
  booking: Booking;
  open: boolean;
  onClose: () => void;
}

/** Calls a booking off, with a reason; says before if that is late. */
export function CancelBookingDialog({ booking, open, onClose }: CancelBookingProps) {
  const [reason, setReason] = useState('');
  const [rebook, setRebook] = useState(false);
  const now = useNow();
  const cancel = useBookingMove((body: View<'CancelBookingBody'>) =>
    call(client.PUT('/bookings/{booking_id}/cancel', { params: { path: { booking_id: booking.id } }, body })),
  );
  const other = otherSideOf(booking);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title="Cancel this booking?"
      description={`${formatSlot(booking.slot)} with ${other}. This cannot be taken back.`}
      confirm="Cancel booking"
      danger
      onConfirm={async () => {
        await cancel.mutateAsync({ reason: reason.trim(), ...(booking.side === 'consumer' ? { rebook } : {}) });
        toast('The booking is cancelled.');
      }}
    >
      {wouldBeLate(booking, now) && (
        <Notice tone="warn">
          It begins in less than a day: this counts as a late cancellation
          {booking.side === 'provider' ? ', which shows in your reputation.' : '.'}
        </Notice>
      )}
      <TextArea
        label="Reason"
        hint={`${other} reads it.`}
        required
        maxLength={1000}
        value={reason}
        onChange={setReason}
      />
      {booking.side === 'consumer' && (
        <Checkbox
          label="Look for somebody else"
          hint="Your request goes on, and other providers are asked."
          checked={rebook}
          onChange={setRebook}
        />
      )}
    </ConfirmDialog>
  );
}
