import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../../api/client';
import { keys } from '../../api/keys';
import type { Offer } from '../../offers/offer';
import { ConfirmDialog } from '../../ui/dialog';
import { TextArea } from '../../ui/fields';
import { toast } from '../../ui/toast';

/** Declines an offer, with or without a reason. */
export function DeclineOffer({ offer, onClose }: { offer: Offer; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const decline = useMutation({
    mutationFn: () => {
      const said = reason.trim();
      const params = { path: { offer_id: offer.id } };
      return call(client.PUT('/offers/{offer_id}/decline', { params, body: said === '' ? {} : { reason: said } }));
    },
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keys.offers.all });
      void queries.invalidateQueries({ queryKey: keys.requests.all });
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`Decline the offer of ${offer.provider.name}?`}
      confirm="Decline"
      danger
      onConfirm={async () => {
        await decline.mutateAsync();
        toast('Declined.');
      }}
    >
      <TextArea
        label="Reason"
        hint="The provider reads it. You can leave it out."
        maxLength={1000}
        value={reason}
        onChange={setReason}
      />
    </ConfirmDialog>
  );
}
