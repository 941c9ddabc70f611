import { useQuery } from '@tanstack/react-query';
import type { View } from '../api/client';
import { bookingQuery } from '../bookings/booking';
import { SlotWeeks } from '../bookings/slot-weeks';
import { offerQuery } from '../offers/offer';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Panel } from '../ui/panel';
import { formatSlot, formatTime } from '../ui/times';
import { typedDraft } from './drafts';
import type { Draft } from './transcript';

/** Picks the time that a draft lacks; it is said in words, as one would oneself. */
export function PickSlot({ draft, onSay }: { draft: Draft; onSay: (text: string) => void }) {
  const typed = typedDraft(draft);
  if (typed.kind === 'acceptance') return <SlotsOfOffer offerId={typed.fields.offer_id} onSay={onSay} />;
  if (typed.kind === 'reschedule') return <SlotsOfProvider bookingId={typed.fields.booking_id} onSay={onSay} />;
  return null;
}

function SlotsOfOffer({ offerId, onSay }: { offerId: string; onSay: (text: string) => void }) {
  const { data } = useQuery({ ...offerQuery(offerId), refetchInterval: false, throwOnError: false });
  const free = data?.slots.filter((slot) => slot.free) ?? [];
  if (free.length === 0) return null;
  return (
    <ul aria-label="Free times" className="flex flex-wrap gap-2">
      {free.map((slot) => (
        <li key={slot.start_at}>
          <Button look="plain" onClick={() => onSay(sayingOf(slot))}>
            {formatSlot(slot)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function SlotsOfProvider({ bookingId, onSay }: { bookingId: string; onSay: (text: string) => void }) {
  const { data } = useQuery({ ...bookingQuery(bookingId), refetchInterval: false, throwOnError: false });
  if (data === undefined) return null;
  return (
    <Card>
      <Panel resetKey={bookingId}>
        <SlotWeeks providerId={data.provider_id} serviceId={data.service_id} zone={data.slot.zone}>
          {(slot) => (
            <Button look="plain" size="small" onClick={() => onSay(sayingOf(slot))}>
              {formatTime(slot.start_at, slot.zone)}
            </Button>
          )}
        </SlotWeeks>
      </Panel>
    </Card>
  );
}

/** `Saturday, November 28 at 2:00 PM` */
function sayingOf({ start_at, zone }: View<'Slot'>): string {
  const day = new Intl.DateTimeFormat('en', { timeZone: zone, weekday: 'long', month: 'long', day: 'numeric' });
  // Between a time and its PM stands a narrow space, which nobody types.
  return `${day.format(new Date(start_at))} at ${formatTime(start_at, zone).replace('\u202f', ' ')}`;
}
