import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useParams } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { offerQuery } from '../offers/offer';
import { isOpen } from '../requests/request';
import { Button, ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { TextArea } from '../ui/fields';
import { Notice } from '../ui/notice';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { leadQuery } from './lead';
import type { Lead } from './lead';
import { LeadNeed } from './lead-need';
import { OfferForm } from './offer-form';
import { OwnOffer } from './own-offer';

/** One lead: what is needed, why it came, and the offer. */
export default function LeadPage() {
  const { requestId = '' } = useParams();
  return (
    <Page
      title="Lead"
      actions={
        <ButtonLink look="plain" icon="chat" to={`/?request=${requestId}`}>
          Talk it over
        </ButtonLink>
      }
      back={<BackLink to="/work">All leads</BackLink>}
    >
      <Panel skeleton={<Skeleton className="h-96 rounded-card" />} resetKey={requestId}>
        <LeadView requestId={requestId} />
      </Panel>
    </Page>
  );
}

function LeadView({ requestId }: { requestId: string }) {
  const { data: lead } = useSuspenseQuery(leadQuery(requestId));
  const queries = useQueryClient();
  const viewedAt = lead.viewed_at;
  useEffect(() => {
    // The lists have it as new.
    void queries.invalidateQueries({ queryKey: keys.leads.list(), refetchType: 'none' });
  }, [queries, viewedAt]);
  return (
    <div className="grid gap-5">
      <LeadNeed lead={lead} />
      <Answer lead={lead} />
    </div>
  );
}

/** What was offered, and what can be done about it. */
function Answer({ lead }: { lead: Lead }) {
  const { offer_id: offerId } = lead;
  if (offerId == null) return <NextMove lead={lead} />;
  return (
    <Panel skeleton={<Skeleton className="h-40 rounded-card" />} resetKey={offerId}>
      <Offered lead={lead} offerId={offerId} />
    </Panel>
  );
}

function Offered({ lead, offerId }: { lead: Lead; offerId: string }) {
  const { data: offer } = useSuspenseQuery(offerQuery(offerId));
  const stands = offer.status === 'pending' || offer.status === 'accepted';
  return (
    <div className="grid gap-5">
      <OwnOffer offer={offer} />
      {!stands && <NextMove lead={lead} />}
    </div>
  );
}

/** An offer, or to pass. */
function NextMove({ lead }: { lead: Lead }) {
  const { request } = lead;
  if (lead.passed) return <Notice>You passed this lead. It takes no offer of yours any more.</Notice>;
  if (!isOpen(request)) return <Notice>This request takes no offers any more.</Notice>;
  return (
    <div className="grid gap-5">
      <Panel skeleton={<Skeleton className="h-96 rounded-card" />} resetKey={request.id}>
        <OfferForm lead={lead} />
      </Panel>
      <Pass lead={lead} />
    </div>
  );
}

function Pass({ lead }: { lead: Lead }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const id = lead.request.id;
  const pass = useMutation({
    mutationFn: () =>
      call(
        client.PUT('/requests/{request_id}/pass', {
          params: { path: { request_id: id } },
          body: reason.trim() === '' ? {} : { reason: reason.trim() },
        }),
      ),
    onSuccess: async (passed) => {
      queries.setQueryData(keys.leads.one(id), passed);
      toast('You passed this lead.');
      await queries.invalidateQueries({ queryKey: keys.leads.list() });
    },
  });
  return (
    <Card className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-muted">Not for you? Then somebody else can be asked.</p>
      <Button look="plain" onClick={() => setAsked(true)}>
        Pass this lead
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title="Pass this lead?"
        description="It takes no offer of yours any more. The customer is not told."
        confirm="Pass"
        onConfirm={() => pass.mutateAsync()}
      >
        <TextArea
          label="Why, if you like"
          hint="The customer does not see it."
          value={reason}
          onChange={setReason}
          maxLength={1_000}
        />
      </ConfirmDialog>
    </Card>
  );
}
