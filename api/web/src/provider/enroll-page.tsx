import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { call, client } from '../api/client';
import { detailOf } from '../api/errors';
import { useIdempotencyKey } from '../api/idempotency';
import { keys } from '../api/keys';
import { useWho } from '../auth/who';
import { StateBadge } from '../ui/badge';
import { Button, ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { formatDate } from '../ui/times';
import { ownEnrollmentQuery } from './enrollment';
import type { Enrollment } from './enrollment';

/** The way to becoming a provider: by talking, or by a form. */
export default function EnrollPage() {
  const { role } = useWho();
  return (
    <Page title="Offer your services">
      <p className="max-w-prose">
        Say once what you do, when you work and what you charge. From then on your agent finds people who need just
        that, and you do the work.
      </p>
      {role === 'provider' ? (
        <Card className="grid justify-items-start gap-3">
          <p>You are a provider already.</p>
          <ButtonLink to="/work">See your leads</ButtonLink>
        </Card>
      ) : (
        <Panel skeleton={<Skeleton className="h-56 rounded-card" />}>
          <Ways />
        </Panel>
      )}
    </Page>
  );
}

function Ways() {
  const { data: enrollment } = useSuspenseQuery(ownEnrollmentQuery);
  return enrollment === null ? <Start /> : <Begun enrollment={enrollment} />;
}

function Begun({ enrollment }: { enrollment: Enrollment }) {
  const isOpen = enrollment.status === 'draft' || enrollment.status === 'rejected';
  return (
    <Card className="grid justify-items-start gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="font-serif text-lg font-semibold">{enrollment.fields.business_name ?? 'Your business'}</h2>
        <StateBadge state={enrollment.status} />
      </div>
      {isOpen && (
        <p className="text-muted">
          You have begun. What you filled in is kept until {formatDate(enrollment.expires_at)}.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <ButtonLink to={`/enroll/${enrollment.id}`}>{isOpen ? 'Go on with the form' : 'Look at it'}</ButtonLink>
        {isOpen && (
          <ButtonLink look="plain" icon="chat" to="/?role=enrollment">
            Go on by chat
          </ButtonLink>
        )}
      </div>
    </Card>
  );
}

function Start() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const key = useIdempotencyKey();
  const start = useMutation({
    mutationFn: () => call(client.POST('/enrollment/start', { params: { header: key({}) } })),
    onSuccess: async (enrollment) => {
      queries.setQueryData(keys.enrollments.one(enrollment.id), enrollment);
      await navigate(`/enroll/${enrollment.id}`);
    },
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Card className="grid content-start justify-items-start gap-3">
        <h2 className="font-serif text-lg font-semibold">By chat</h2>
        <p className="grow text-muted">
          Tell the guide what you do; it fills in the rest and asks for what is missing.
        </p>
        <ButtonLink icon="chat" to="/?role=enrollment">
          Start talking
        </ButtonLink>
      </Card>
      <Card className="grid content-start justify-items-start gap-3">
        <h2 className="font-serif text-lg font-semibold">By form</h2>
        <p className="grow text-muted">Five short steps, saved as you go. You can change to the chat at any time.</p>
        <Button look="plain" icon="edit" busy={start.isPending} onClick={() => start.mutate()}>
          Fill in the form
        </Button>
      </Card>
      {start.isError && (
        <Notice tone="bad" role="alert" className="sm:col-span-2">
          {detailOf(start.error)}
        </Notice>
      )}
    </div>
  );
}
