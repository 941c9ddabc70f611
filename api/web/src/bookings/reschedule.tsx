import { useId, useState } from 'react';
import { call, client } from '../api/client';
import { ApiError, detailOf, hasCode } from '../api/errors';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { TextArea, TextField } from '../ui/fields';
import { Form, useMessage } from '../ui/form';
import { Notice } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { formatDateTime, formatSlot, formatTime } from '../ui/times';
import { toast } from '../ui/toast';
import { otherSideOf, useBookingMove } from './booking';
import type { Booking } from './booking';
import { SlotRadio } from './slot-radio';
import { SlotWeeks } from './slot-weeks';
import type { NamedSlot } from './slots';

/** Another slot that one side proposes; the other side answers it here. */
export function Proposal({ booking }: { booking: Booking }) {
  const path = { path: { booking_id: booking.id } };
  const agree = useBookingMove((slot: NamedSlot) =>
    call(client.PUT('/bookings/{booking_id}/reschedule/accept', { params: path, body: { slot } })),
  );
  const decline = useBookingMove(() => call(client.PUT('/bookings/{booking_id}/reschedule/decline', { params: path })));
  const { proposal } = booking;
  if (proposal == null || booking.status !== 'confirmed') return null;

  const isOwn = proposal.by === booking.side;
  const { date, start_time } = proposal.slot;
  const failure = agree.error ?? decline.error;
  const free = hasCode(failure, 'slot_taken') ? (failure.problem?.slots ?? []) : [];
  return (
    <Notice tone="warn" role="status">
      <p className="font-medium">
        {isOwn ? 'You propose' : `${otherSideOf(booking)} proposes`} {formatSlot(proposal.slot)}
      </p>
      {proposal.note != null && <p className="mt-1 whitespace-pre-wrap">“{proposal.note}”</p>}
      <p className="mt-1">
        {isOwn ? 'They can agree' : 'You can agree'} until {formatDateTime(proposal.until, proposal.slot.zone)}. Until
        then the present time holds.
      </p>
      {failure !== null && (
        <div role="alert" className="mt-2 text-bad">
          <p>{detailOf(failure)}</p>
          {free.length > 0 && (
            <p>Free instead: {free.map((slot) => formatSlot(slot)).join('; ')}. Propose one of these.</p>
          )}
        </div>
      )}
      {!isOwn && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button
            size="small"
            busy={agree.isPending}
            onClick={() => agree.mutate({ date, start_time }, { onSuccess: () => toast('The new time is agreed.') })}
          >
            Agree
          </Button>
          <Button
            size="small"
            look="plain"
            busy={decline.isPending}
            onClick={() => decline.mutate(undefined, { onSuccess: () => toast('The present time stays.') })}
          >
            Keep the present time
          </Button>
        </div>
      )}
    </Notice>
  );
}

interface RescheduleProps {
  booking: Booking;
  open: boolean;
  onClose: () => void;
}

/** Proposes another slot to the other side. What was chosen and written stays while the page does. */
export function RescheduleDialog({ booking, open, onClose }: RescheduleProps) {
  const [slot, setSlot] = useState<NamedSlot | null>(null);
  const [note, setNote] = useState('');
  const propose = useBookingMove((body: { slot: NamedSlot; note: string | null }) =>
    call(client.PUT('/bookings/{booking_id}/reschedule', { params: { path: { booking_id: booking.id } }, body })),
  );

  function send() {
    if (slot === null) return;
    const said = note.trim();
    propose.mutate(
      { slot, note: said === '' ? null : said },
      {
        onSuccess: () => {
          setSlot(null);
          setNote('');
          toast('Proposed. The other side has a day to agree.');
          onClose();
        },
      },
    );
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Propose another time"
      description={`Now: ${formatSlot(booking.slot)}. It holds until ${otherSideOf(booking)} agrees to another one.`}
    >
      <Form failure={propose.error} onSubmit={send}>
        <SlotFields booking={booking} failure={propose.error} slot={slot} onChange={setSlot} />
        <TextArea
          label="Note"
          hint="They read it with the proposal. You can leave it out."
          pointer="/body/note"
          maxLength={1000}
          rows={2}
          value={note}
          onChange={setNote}
        />
        <Button type="submit" disabled={slot === null} busy={propose.isPending}>
          Propose
        </Button>
      </Form>
    </Dialog>
  );
}

interface SlotFieldsProps {
  booking: Booking;
  failure: unknown;
  slot: NamedSlot | null;
  onChange: (slot: NamedSlot | null) => void;
}

/** Slots that are free instead of one that was taken, those of the calendar, or any other time. */
function SlotFields({ booking, failure, slot, onChange }: SlotFieldsProps) {
  const name = useId();
  const wrong = useMessage('/body/slot');
  const instead = failure instanceof ApiError && failure.code === 'slot_taken' ? (failure.problem?.slots ?? []) : [];
  const { zone } = booking.slot;
  return (
    <fieldset className="grid min-w-0 gap-3">
      <legend className="sr-only">New time</legend>
      {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
      {instead.length > 0 && (
        <div className="grid gap-2">
          <p className="text-sm font-medium">Free instead</p>
          {instead.map((one) => (
            <SlotRadio
              key={one.start_at}
              name={name}
              required={false}
              slot={one}
              label={formatSlot(one)}
              chosen={slot}
              onChoose={onChange}
            />
          ))}
        </div>
      )}
      <Panel skeleton={<Skeleton className="h-60" />}>
        <SlotWeeks providerId={booking.provider_id} serviceId={booking.service_id} zone={zone}>
          {(one) => (
            <SlotRadio
              name={name}
              required={false}
              slot={one}
              label={formatTime(one.start_at, one.zone)}
              chosen={slot}
              onChoose={onChange}
            />
          )}
        </SlotWeeks>
      </Panel>
      <OtherTime zone={zone} onChange={onChange} />
    </fieldset>
  );
}

/** Names a time that the calendar does not show: a job can be shorter or longer than usual. */
function OtherTime({ zone, onChange }: { zone: string; onChange: (slot: NamedSlot | null) => void }) {
  const [date, setDate] = useState('');
  const [time, setTime] = useState('');

  function change(nextDate: string, nextTime: string) {
    setDate(nextDate);
    setTime(nextTime);
    onChange(nextDate === '' || nextTime === '' ? null : { date: nextDate, start_time: nextTime });
  }

  return (
    <details>
      <summary className="min-h-11 content-center text-accent">Another time</summary>
      <div className="grid grid-cols-2 gap-3">
        <TextField label="Date" type="date" value={date} onChange={(value) => change(value, time)} />
        <TextField label="Start" hint={zone} type="time" value={time} onChange={(value) => change(date, value)} />
      </div>
    </details>
  );
}
