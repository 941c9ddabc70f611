import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { hasCode } from '../api/errors';
import { keys } from '../api/keys';
import { consumerProfileQuery } from '../auth/consumer-profile';
import type { Booking } from '../bookings/booking';
import { SlotRadio } from '../bookings/slot-radio';
import { isSameSlot } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { useService } from '../catalog/catalog';
import { requestQuery } from '../requests/request';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { FieldGroup, TextArea } from '../ui/fields';
import { Form, useMessage } from '../ui/form';
import { formatMoney } from '../ui/money';
import { formatMinutes, formatSlot, formatTime } from '../ui/times';
import { toast } from '../ui/toast';
import { offerQuery } from './offer';
import type { Offer } from './offer';

/** Where the work is to be done, in the consumer's words. */
interface OwnPlace {
  address: string;
  instructions: string;
}

interface AcceptOfferProps {
  offer: Offer;
  /** Kept outside, as it holds for whichever offer is accepted in the end. */
  place: OwnPlace;
  onPlace: (place: OwnPlace) => void;
  onBooked: (booking: Booking) => void;
  onClose: () => void;
}

/** Books an offer for one of its slots. If that was taken meanwhile, others are shown in its place. */
export function AcceptOffer({ offer, place, onPlace, onBooked, onClose }: AcceptOfferProps) {
  const [chosen, setChosen] = useState<NamedSlot | null>(null);
  const [taken, setTaken] = useState<readonly NamedSlot[]>([]);
  const [instead, setInstead] = useState<readonly View<'Slot'>[]>([]);
  const [wasAsked, setWasAsked] = useState(false);
  const accept = useAccepting(offer, onBooked);
  const work = useWorkHere(offer);
  const choices = choicesOf(useSlots(offer), taken, instead);
  const free = choices.filter(({ isTaken }) => !isTaken);
  // What is booked in place of something else is chosen by hand: who presses twice does not mean that.
  const only = free.length === 1 && taken.length === 0 ? free[0] : undefined;
  const slot = free.find((one) => isSameSlot(one, chosen)) ?? only;
  const needsAddress = work === 'certain' || wasAsked;
  const asksAddress = work === 'possible' || needsAddress;

  function send() {
    if (slot === undefined) return;
    const { date, start_time } = slot;
    const { address, instructions } = { address: place.address.trim(), instructions: place.instructions.trim() };
    accept.mutate(
      {
        slot: { date, start_time },
        ...(asksAddress && address !== '' ? { address } : {}),
        ...(instructions === '' ? {} : { instructions }),
      },
      {
        onError: (error) => {
          if (hasCode(error, 'address_needed')) setWasAsked(true);
          if (!hasCode(error, 'slot_taken')) return;
          setTaken((before) => [...before, { date, start_time }]);
          setInstead(error.problem?.slots ?? []);
          setChosen(null);
        },
      },
    );
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Book ${offer.provider.name}`}
      description={`${formatMoney(offer.price_cents, offer.currency)}, ${formatMinutes(offer.duration_minutes)}. The other offers for this request are declined then.`}
    >
      <Form failure={accept.error} onSubmit={send}>
        <SlotChoice choices={choices} slot={slot ?? null} onChange={setChosen} />
        {asksAddress && (
          <Address
            required={needsAddress}
            value={place.address}
            onChange={(address) => onPlace({ ...place, address })}
          />
        )}
        <TextArea
          label="Instructions"
          hint="How to get in, what to know. You can leave it out."
          pointer="/body/instructions"
          maxLength={2000}
          rows={2}
          value={place.instructions}
          onChange={(instructions) => onPlace({ ...place, instructions })}
        />
        <Button type="submit" busy={accept.isPending} disabled={free.length === 0}>
          Book
        </Button>
      </Form>
    </Dialog>
  );
}

/** The offer's slots as they are now: those of a list may be taken by somebody else. */
function useSlots(offer: Offer): Offer['slots'] {
  const { data } = useQuery({ ...offerQuery(offer.id), throwOnError: false });
  return (data ?? offer).slots;
}

function useAccepting(offer: Offer, onBooked: (booking: Booking) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: View<'AcceptBody'>) =>
      call(client.PUT('/offers/{offer_id}/accept', { params: { path: { offer_id: offer.id } }, body })),
    onSuccess: (booking) => {
      queries.setQueryData(keys.bookings.one(booking.id), booking);
      toast(`Booked with ${booking.provider_name}.`);
      onBooked(booking);
    },
    // Also what was refused: the offer is not as this page has it, then.
    onSettled: () => {
      for (const queryKey of [keys.requests.all, keys.offers.all, keys.bookings.all, keys.providers.all]) {
        void queries.invalidateQueries({ queryKey });
      }
    },
  });
}

/** Whether the work is done at the consumer's: as the request says; where that leaves it open, as the service can be done. */
function useWorkHere(offer: Offer): 'certain' | 'possible' | 'no' {
  const { data: request } = useQuery({ ...requestQuery(offer.request_id), throwOnError: false });
  const service = useService(offer.service_id);
  if (request === undefined) return 'no';
  if (request.place != null) return request.place === 'consumer' ? 'certain' : 'no';
  return service === undefined || service.places.includes('consumer') ? 'possible' : 'no';
}

interface Choice extends NamedSlot, Pick<View<'Slot'>, 'start_at' | 'end_at' | 'zone'> {
  isTaken: boolean;
  good_until?: string | null;
}

/** The offer's slots, less those that were not free when they were tried, after what it takes in place of these. */
function choicesOf(
  slots: Offer['slots'],
  taken: readonly NamedSlot[],
  instead: readonly View<'Slot'>[],
): readonly Choice[] {
  const own = slots.map((one) => ({
    ...one,
    isTaken: !one.free || taken.some((other) => isSameSlot(one, other)),
  }));
  const added = instead
    .filter((one) => !own.some((other) => isSameSlot(one, other)))
    .map((one) => ({ ...one, isTaken: false }));
  return [...added, ...own];
}

interface SlotChoiceProps {
  choices: readonly Choice[];
  slot: NamedSlot | null;
  onChange: (slot: NamedSlot) => void;
}

function SlotChoice({ choices, slot, onChange }: SlotChoiceProps) {
  const name = useId();
  const wrong = useMessage('/body/slot');
  return (
    <FieldGroup legend="When">
      {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
      {choices.map((one) => (
        <SlotRadio
          key={one.start_at}
          name={name}
          slot={one}
          label={formatSlot(one)}
          note={noteOf(one)}
          disabled={one.isTaken}
          chosen={slot}
          onChoose={onChange}
        />
      ))}
    </FieldGroup>
  );
}

function noteOf({ isTaken, good_until: until }: Choice): string | undefined {
  if (isTaken) return 'taken';
  return until == null ? undefined : `held until ${formatTime(until)}`;
}

interface AddressProps {
  required: boolean;
  value: string;
  onChange: (address: string) => void;
}

function Address({ required, value, onChange }: AddressProps) {
  const { data: profile } = useQuery({ ...consumerProfileQuery, throwOnError: false });
  const known = [profile?.street, profile?.city].filter((part) => part != null).join(', ');
  return (
    <div className="grid gap-2">
      <TextArea
        label="Address"
        hint={
          required
            ? 'The work is done at your place. The provider sees it once it is booked.'
            : 'Only if it shall be done at your place. The provider sees it once it is booked.'
        }
        pointer="/body/address"
        autoComplete="street-address"
        required={required}
        maxLength={500}
        rows={2}
        value={value}
        onChange={onChange}
      />
      {profile?.street != null && value === '' && (
        <Button look="plain" size="small" icon="pin" className="justify-self-start" onClick={() => onChange(known)}>
          Use {known}
        </Button>
      )}
    </div>
  );
}
