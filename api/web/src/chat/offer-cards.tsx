import { use, useState } from 'react';
import { useWho } from '../auth/who';
import { AcceptOffer } from '../offers/accept-offer';
import type { Offer } from '../offers/offer';
import { OfferCard } from '../offers/offer-card';
import { Button, ButtonLink } from '../ui/button';
import { classNames } from '../ui/class-names';
import { ConversationContext } from './conversation-context';

/** Offers side by side; one is accepted here. */
export function OfferCards({ offers }: { offers: readonly Offer[] }) {
  const { providerId } = useWho();
  const conversation = use(ConversationContext);
  const [accepts, setAccepts] = useState<Offer | null>(null);
  const [place, setPlace] = useState({ address: '', instructions: '' });

  function close(): void {
    setAccepts(null);
    // Its offers and drafts may be others now.
    conversation?.refresh();
  }
  return (
    <>
      <ul aria-label="Offers" className={classNames('grid gap-2', offers.length > 1 && 'sm:grid-cols-2')}>
        {offers.map((offer) => (
          <li key={offer.id} className="grid min-w-0">
            <OfferCard offer={offer}>
              {offer.status === 'pending' && offer.provider_id !== providerId && (
                <Button onClick={() => setAccepts(offer)}>Accept</Button>
              )}
              {offer.booking_id != null && (
                <ButtonLink to={`/bookings/${offer.booking_id}`} look="plain" size="small">
                  See the booking
                </ButtonLink>
              )}
            </OfferCard>
          </li>
        ))}
      </ul>
      {accepts !== null && (
        <AcceptOffer
          key={accepts.id}
          offer={accepts}
          place={place}
          onPlace={setPlace}
          onBooked={close}
          onClose={close}
        />
      )}
    </>
  );
}
