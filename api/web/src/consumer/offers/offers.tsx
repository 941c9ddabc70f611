import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call, client } from '../../api/client';
import { keys } from '../../api/keys';
import { usePages } from '../../api/pages';
import { pollEvery } from '../../api/polling';
import { AcceptOffer } from '../../offers/accept-offer';
import type { Offer } from '../../offers/offer';
import { OfferCard } from '../../offers/offer-card';
import type { Request } from '../../requests/request';
import { Button, ButtonLink } from '../../ui/button';
import { Select } from '../../ui/fields';
import { FilteredList } from '../../ui/filtered-list';
import { Notice } from '../../ui/notice';
import { DeclineOffer } from './decline-offer';
import { EndedOffer } from './ended-offer';

const REFRESH_MS = 30_000;
const MOST_LIVE = 100;

/** What providers offer for a request: those to choose from, the one that was chosen, and the others. To be put in a panel. */
export function Offers({ request }: { request: Request }) {
  const navigate = useNavigate();
  // Here, as an offer that is being answered stays open whatever becomes of it and its request meanwhile.
  const [accepts, setAccepts] = useState<Offer | null>(null);
  const [declines, setDeclines] = useState<Offer | null>(null);
  // What is said of the place holds for whichever offer is accepted in the end.
  const [place, setPlace] = useState({ address: '', instructions: '' });
  return (
    <section className="grid gap-3">
      {request.status === 'offers_received' && (
        <LiveOffers requestId={request.id} onAccept={setAccepts} onDecline={setDeclines} />
      )}
      {(request.status === 'booked' || request.status === 'completed') && <AcceptedOffer requestId={request.id} />}
      {request.status !== 'matching' && <EarlierOffers requestId={request.id} />}
      {accepts !== null && (
        <AcceptOffer
          key={accepts.id}
          offer={accepts}
          place={place}
          onPlace={setPlace}
          onBooked={({ id }) => void navigate(`/bookings/${id}`)}
          onClose={() => setAccepts(null)}
        />
      )}
      {declines !== null && <DeclineOffer key={declines.id} offer={declines} onClose={() => setDeclines(null)} />}
    </section>
  );
}

const sorts = {
  price: { label: 'Lowest price first', of: (one: Offer, other: Offer) => one.price_cents - other.price_cents },
  soonest: { label: 'Soonest first', of: (one: Offer, other: Offer) => firstSlot(one) - firstSlot(other) },
  rating: {
    label: 'Best rated first',
    of: (one: Offer, other: Offer) => (other.provider.rating ?? 0) - (one.provider.rating ?? 0),
  },
} as const;

function firstSlot({ slots }: Offer): number {
  const starts = slots.filter(({ free }) => free).map(({ start_at: at }) => new Date(at).getTime());
  // Without a free one it comes last.
  return Math.min(Number.MAX_SAFE_INTEGER, ...starts);
}

interface LiveOffersProps {
  requestId: string;
  onAccept: (offer: Offer) => void;
  onDecline: (offer: Offer) => void;
}

function LiveOffers({ requestId, onAccept, onDecline }: LiveOffersProps) {
  const { data } = useOffers(requestId, 'pending');
  const [sort, setSort] = useState<keyof typeof sorts>('price');
  const offers = data.items.toSorted(sorts[sort].of);
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h2 className="font-serif text-xl font-semibold">
          {offers.length === 1 ? 'One offer' : `${offers.length} offers`}
        </h2>
        {offers.length > 1 && (
          <Select
            label="Order of the offers"
            hideLabel
            value={sort}
            onChange={setSort}
            options={(['price', 'soonest', 'rating'] as const).map((value) => ({ value, label: sorts[value].label }))}
          />
        )}
      </div>
      <ul aria-label="Offers" className="grid items-stretch gap-3 sm:grid-cols-2">
        {offers.map((offer) => (
          <li key={offer.id} className="grid">
            <OfferCard offer={offer}>
              <Button onClick={() => onAccept(offer)}>Accept</Button>
              <Button look="plain" onClick={() => onDecline(offer)}>
                Decline
              </Button>
              <ButtonLink to={`/?offer=${offer.id}`} look="quiet">
                Ask Proxie
              </ButtonLink>
            </OfferCard>
          </li>
        ))}
      </ul>
    </>
  );
}

function AcceptedOffer({ requestId }: { requestId: string }) {
  const { data } = useOffers(requestId, 'accepted');
  const accepted = data.items.at(0);
  if (accepted?.booking_id == null) return null;
  return (
    <Notice tone="good">
      <p>{accepted.provider.name} is booked.</p>
      <ButtonLink to={`/bookings/${accepted.booking_id}`} size="small" className="mt-2">
        See the booking
      </ButtonLink>
    </Notice>
  );
}

function useOffers(requestId: string, status: Offer['status']) {
  return useSuspenseQuery({
    queryKey: [...keys.requests.offers(requestId), status],
    queryFn: ({ signal }) =>
      call(
        client.GET('/requests/{request_id}/offers', {
          params: { path: { request_id: requestId }, query: { status, limit: MOST_LIVE } },
          signal,
        }),
      ),
    refetchInterval: pollEvery(REFRESH_MS),
  });
}

function EarlierOffers({ requestId }: { requestId: string }) {
  const [wanted, setWanted] = useState(false);
  return (
    <details onToggle={(event) => setWanted(event.currentTarget.open)}>
      <summary className="min-h-11 content-center text-accent">Offers that have ended</summary>
      {wanted && <EndedOffers requestId={requestId} />}
    </details>
  );
}

function EndedOffers({ requestId }: { requestId: string }) {
  const pages = usePages({
    queryKey: [...keys.requests.offers(requestId), 'all'],
    fetchPage: (page, signal) =>
      call(
        client.GET('/requests/{request_id}/offers', {
          params: { path: { request_id: requestId }, query: page },
          signal,
        }),
      ),
  });
  return (
    <FilteredList
      label="Offers that have ended"
      pages={pages}
      // The API lists live and ended ones together.
      keep={({ status }) => status !== 'pending' && status !== 'accepted'}
      keyOf={({ id }) => id}
      empty={<p className="text-muted">None.</p>}
    >
      {(offer) => <EndedOffer offer={offer} />}
    </FilteredList>
  );
}
