import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { useWho } from '../auth/who';
import { StateBadge } from '../ui/badge';
import { Button, ButtonLink } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { Notice } from '../ui/notice';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { toast } from '../ui/toast';
import { enrollmentQuery } from './enrollment';
import type { Enrollment } from './enrollment';
import { useEnrollmentDraft } from './enrollment-draft';
import { EnrollmentForm } from './enrollment-form';
import { EnrollmentSummary } from './enrollment-summary';

/** One enrollment: a form while it is a draft, else how it stands. */
export default function EnrollmentPage() {
  const { id = '' } = useParams();
  return (
    <Page title="Become a provider" back={<BackLink to="/enroll">Offer your services</BackLink>}>
      <Panel skeleton={<ListSkeleton count={4} />} resetKey={id}>
        <Standing id={id} />
      </Panel>
    </Page>
  );
}

function Standing({ id }: { id: string }) {
  const { data: enrollment } = useSuspenseQuery(enrollmentQuery(id));
  switch (enrollment.status) {
    case 'draft':
    case 'rejected':
      return <Draft enrollment={enrollment} />;
    case 'pending_verification':
      return <Pending enrollment={enrollment} />;
    case 'verified':
      return <Verified enrollment={enrollment} />;
  }
}

function Draft({ enrollment }: { enrollment: Enrollment }) {
  const draft = useEnrollmentDraft(enrollment);
  const [isDeleting, setDeleting] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      call(client.DELETE('/enrollment/{enrollment_id}', { params: { path: { enrollment_id: enrollment.id } } })),
    onSuccess: async () => {
      draft.discard();
      queries.setQueryData(keys.enrollments.mine, null);
      toast('The draft is deleted.');
      await navigate('/enroll');
    },
  });
  return (
    <div className="grid gap-5">
      {enrollment.reasons.length > 0 && <Reasons enrollment={enrollment} />}
      <EnrollmentForm enrollment={enrollment} draft={draft} />
      <div className="flex flex-wrap gap-2 border-t border-line pt-4">
        <ButtonLink look="plain" size="small" icon="chat" to="/?role=enrollment">
          Go on by chat
        </ButtonLink>
        <Button look="danger" size="small" icon="trash" onClick={() => setDeleting(true)}>
          Delete this draft
        </Button>
      </div>
      <ConfirmDialog
        open={isDeleting}
        onClose={() => setDeleting(false)}
        title="Delete this draft?"
        description="All that you filled in is deleted. It cannot be brought back."
        confirm="Delete draft"
        danger
        onConfirm={() => remove.mutateAsync()}
      />
    </div>
  );
}

function Reasons({ enrollment }: { enrollment: Enrollment }) {
  return (
    <Notice tone="warn">
      <p className="font-medium">We could not approve this yet:</p>
      <ul className="mt-1 list-disc pl-5">
        {enrollment.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p className="mt-1">
        {enrollment.status === 'rejected'
          ? 'Change what is named here; then you can send it in again.'
          : 'When you have changed it, send it in again.'}
      </p>
    </Notice>
  );
}

function Pending({ enrollment }: { enrollment: Enrollment }) {
  return (
    <div className="grid gap-5">
      <Card className="grid justify-items-start gap-2">
        <StateBadge state={enrollment.status} />
        <p>
          Thank you. We are looking at your licences; you will be told here and in your notifications. Until then
          nothing of it can be changed.
        </p>
      </Card>
      <EnrollmentSummary fields={enrollment.fields} />
    </div>
  );
}

function Verified({ enrollment }: { enrollment: Enrollment }) {
  const { role, reload } = useWho();
  const asked = useRef(false);
  useEffect(() => {
    // This page may be the first to hear of it: once is enough to make the role known.
    if (asked.current || role === 'provider') return;
    asked.current = true;
    void reload();
  }, [role, reload]);
  return (
    <Card className="grid justify-items-start gap-3">
      <StateBadge state={enrollment.status} />
      <h2 className="font-serif text-xl font-semibold">Welcome. You are a provider now.</h2>
      <p>Requests that fit you come by themselves. Services that need a licence wait until we have looked at it.</p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/work">See your leads</ButtonLink>
        <ButtonLink look="plain" to="/work/services">
          Your services
        </ButtonLink>
      </div>
    </Card>
  );
}
