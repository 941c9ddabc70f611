import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { useServiceName } from '../catalog/catalog';
import type { Offer } from '../offers/offer';
import { Badge, StateBadge } from '../ui/badge';
import { Button, ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { classNames } from '../ui/class-names';
import { ConfirmDialog } from '../ui/dialog';
import { formatMoney } from '../ui/money';
import { Time } from '../ui/time';
import { formatMinutes, formatSlot } from '../ui/times';
import { toast } from '../ui/toast';

const reasons: Record<string, string> = {
  time_over: 'Its time was over.',
  slots_gone: 'All its times were taken by other bookings.',
  another_accepted: 'The customer took another offer.',
};

/** An offer as its provider sees it, and taking it back. */
export function OwnOffer({ offer, leadLink = false }: { offer: Offer; leadLink?: boolean }) {
  const nameOf = useServiceName();
  const name = nameOf(offer.service_id);
  return (
    <Card className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">
          {leadLink ? (
            <Link to={`/work/leads/${offer.request_id}`} className="underline">
              {name}
            </Link>
          ) : (
            <>Your offer: {name}</>
          )}
        </h3>
        <span className="flex flex-wrap gap-1.5">
          {offer.automatic && <Badge>Made by your agent</Badge>}
          <StateBadge state={offer.status} />
        </span>
      </div>
      <p>
        {formatMoney(offer.price_cents, offer.currency)} · {formatMinutes(offer.duration_minutes)}
        <span className="text-muted">
          {' · '}
          {offer.status === 'pending' ? (
            <>
              good until <Time at={offer.expires_at} />
            </>
          ) : (
            <Time at={offer.updated_at} ago />
          )}
        </span>
      </p>
      {offer.reason != null && <p className="text-muted">{reasons[offer.reason] ?? `“${offer.reason}”`}</p>}
      <ul aria-label="Times" className="grid gap-0.5 text-sm">
        {offer.slots.map((slot) => (
          <li
            key={slot.start_at}
            className={classNames(offer.status === 'pending' && !slot.free && 'text-muted line-through')}
          >
            {formatSlot(slot)}
            {offer.status === 'pending' && !slot.free && <span className="sr-only"> (not free any more)</span>}
          </li>
        ))}
      </ul>
      {offer.price_notes !== '' && <p className="break-words whitespace-pre-wrap text-muted">{offer.price_notes}</p>}
      {offer.message !== '' && (
        <details>
          <summary className="text-sm text-muted">Your message</summary>
          <p className="mt-1 break-words whitespace-pre-wrap">{offer.message}</p>
        </details>
      )}
      {offer.booking_id != null && (
        <ButtonLink look="plain" size="small" className="justify-self-start" to={`/bookings/${offer.booking_id}`}>
          See the booking
        </ButtonLink>
      )}
      {offer.status === 'pending' && <Withdraw offer={offer} />}
    </Card>
  );
}

function Withdraw({ offer }: { offer: Offer }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => call(client.PUT('/offers/{offer_id}/withdraw', { params: { path: { offer_id: offer.id } } })),
    onSuccess: (withdrawn) => {
      queries.setQueryData(keys.offers.one(offer.id), withdrawn);
      toast('Your offer is withdrawn.');
    },
    // Also what was refused: the offer is not as this page has it, then.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: keys.offers.all }),
        queries.invalidateQueries({ queryKey: keys.leads.all }),
      ]),
  });
  return (
    <>
      <Button look="danger" size="small" className="justify-self-start" onClick={() => setAsked(true)}>
        Withdraw
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title="Withdraw this offer?"
        description="The customer cannot accept it any more. You can make another one while the request takes offers."
        confirm="Withdraw offer"
        danger
        onConfirm={() => withdraw.mutateAsync()}
      />
    </>
  );
}
