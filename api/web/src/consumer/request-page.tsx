import { useSuspenseQuery } from '@tanstack/react-query';
import { Navigate, useParams, useSearchParams } from 'react-router';
import { useServiceName } from '../catalog/catalog';
import { isOpen, isOwn, requestQuery } from '../requests/request';
import type { Request } from '../requests/request';
import { StateBadge } from '../ui/badge';
import { Card } from '../ui/card';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { Offers } from './offers/offers';
import { EditRequest } from './requests/edit-request';
import { Matches } from './requests/matches';
import { useMatchingTask } from './requests/matching-task';
import { RequestDetails } from './requests/request-details';
import { RequestMatching } from './requests/request-matching';
import { RequestMoves } from './requests/request-moves';
import { RequestTimeline } from './requests/request-timeline';

export default function RequestPage() {
  const { id = '' } = useParams();
  const { data: request } = useSuspenseQuery(requestQuery(id));
  // A provider that it was routed to has it as a lead.
  if (!isOwn(request)) return <Navigate to={`/work/leads/${id}`} replace />;
  return <OwnRequest request={request} />;
}

function OwnRequest({ request }: { request: Request }) {
  const [params, setParams] = useSearchParams();
  const nameOf = useServiceName();
  const task = useMatchingTask(request);
  const edits = params.has('edit') && isOpen(request);
  const setEdits = (next: boolean) => setParams(next ? { edit: '1' } : {}, { replace: true });
  return (
    <Page
      title={`${nameOf(request.service_id)} in ${request.city}`}
      back={<BackLink to="/requests">Your requests</BackLink>}
      actions={<StateBadge state={request.status} />}
    >
      <RequestTimeline request={request} />
      <RequestMatching request={request} task={task} />
      {!edits && <RequestMoves request={request} task={task} onEdit={() => setEdits(true)} />}
      <Panel resetKey={request.id} skeleton={null}>
        <Offers request={request} />
      </Panel>
      <section className="grid gap-3">
        <h2 className="font-serif text-xl font-semibold">{edits ? 'Change your request' : 'What you asked for'}</h2>
        <Card>
          {edits ? (
            <Panel skeleton={<Skeleton className="h-160" />}>
              <EditRequest request={request} onClose={() => setEdits(false)} />
            </Panel>
          ) : (
            <RequestDetails request={request} />
          )}
        </Card>
      </section>
      <section className="grid gap-3">
        <h2 className="font-serif text-xl font-semibold">Who was asked</h2>
        <Panel resetKey={request.id}>
          <Matches requestId={request.id} />
        </Panel>
      </section>
    </Page>
  );
}
