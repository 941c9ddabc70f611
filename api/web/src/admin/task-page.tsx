import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { useIdempotencyKey } from '../api/idempotency';
import { keys } from '../api/keys';
import { StateBadge, wordsOf } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { Fact, Facts } from '../ui/facts';
import { Notice } from '../ui/notice';
import { BackLink, Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { Time } from '../ui/time';
import { toast } from '../ui/toast';
import { UserLink } from './account-link';
import { TaskResult } from './task-result';
import { TaskSteps } from './task-steps';

type Task = View<'WholeTaskView'>;

/** How often a task that runs is looked at again. */
const POLL_MS = 3_000;

export default function TaskPage() {
  const { id = '' } = useParams();
  return (
    <Page title="Task" back={<BackLink to="/admin/tasks">All tasks</BackLink>}>
      <Panel resetKey={id} skeleton={<Skeleton className="h-96 rounded-card" />}>
        <TaskView id={id} />
      </Panel>
    </Page>
  );
}

function TaskView({ id }: { id: string }) {
  const { data: task } = useSuspenseQuery({
    queryKey: keys.admin.task(id),
    queryFn: ({ signal }) => call(client.GET('/admin/tasks/{task_id}', { params: { path: { task_id: id } }, signal })),
    refetchInterval: (query) => (query.state.data?.status === 'processing' ? POLL_MS : false),
  });
  return (
    <div className="grid gap-4">
      <Card className="grid gap-4">
        <div className="flex flex-wrap items-center gap-2" aria-live="polite">
          <span className="font-medium">{wordsOf(task.kind)}</span>
          <StateBadge state={task.status} />
          {task.status === 'processing' && <StateBadge state={task.stage} />}
        </div>
        {task.error_code != null && (
          <Notice tone={task.status === 'processing' ? 'warn' : 'bad'}>
            <code>{task.error_code}</code>: {task.error_detail}
          </Notice>
        )}
        <TaskFacts task={task} />
        <TaskActions task={task} />
      </Card>
      <TaskSteps steps={task.steps} />
      <TaskResult result={task.result ?? null} effects={task.effects} />
    </div>
  );
}

function TaskFacts({ task }: { task: Task }) {
  return (
    <Facts>
      <Fact name="Id">
        <span className="break-all">{task.task_id}</span>
      </Fact>
      <Fact name="Of">
        <UserLink id={task.user_id} />
      </Fact>
      <Fact name="Conversation">
        {task.session_id != null && <TextLink to={`/chat/${task.session_id}`}>{task.session_id}</TextLink>}
      </Fact>
      <Fact name="Request">
        {task.request_id != null && <TextLink to={`/requests/${task.request_id}`}>{task.request_id}</TextLink>}
      </Fact>
      <Fact name="Retry of">
        {task.retry_of != null && <TextLink to={`/admin/tasks/${task.retry_of}`}>{task.retry_of}</TextLink>}
      </Fact>
      <Fact name="Attempts">{task.attempts}</Fact>
      <Fact name="Step">{task.step}</Fact>
      <Fact name="Made">
        <Time at={task.created_at} />
      </Fact>
      <Fact name="Changed">
        <Time at={task.updated_at} />
      </Fact>
      <Fact name="Trace">
        <code className="text-sm break-all">{task.trace_id}</code>
      </Fact>
    </Facts>
  );
}

function TextLink({ to, children }: { to: string; children: string }) {
  return (
    <Link to={to} className="break-all text-accent underline">
      {children}
    </Link>
  );
}

function TaskActions({ task }: { task: Task }) {
  const [asked, setAsked] = useState<'retry' | 'cancel' | null>(null);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const key = useIdempotencyKey();
  const path = { task_id: task.task_id };
  const close = () => setAsked(null);

  const retry = useMutation({
    mutationFn: () => call(client.POST('/admin/tasks/{task_id}/retry', { params: { path, header: key({}) } })),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: keys.admin.all });
      await navigate(`/admin/tasks/${made.task_id}`);
      toast('Trying again: this is the new task.');
    },
  });
  const cancel = useMutation({
    mutationFn: () => call(client.POST('/admin/tasks/{task_id}/cancel', { params: { path } })),
    onSuccess: async (after) => {
      await queries.invalidateQueries({ queryKey: keys.admin.all });
      toast(after.status === 'cancelled' ? 'The task is cancelled.' : 'The task had ended before.');
    },
  });

  if (task.status === 'completed') return null;
  if (task.status === 'processing') {
    // The API cancels a matching only with its request.
    if (task.kind === 'matching') return null;
    return (
      <>
        <Button look="danger" className="justify-self-start" onClick={() => setAsked('cancel')}>
          Cancel task
        </Button>
        <ConfirmDialog
          open={asked === 'cancel'}
          onClose={close}
          title="Cancel this task?"
          description="Its owner is told that it was cancelled. What it already did stands."
          confirm="Cancel task"
          danger
          onConfirm={() => cancel.mutateAsync()}
        />
      </>
    );
  }
  return (
    <>
      <Button icon="refresh" className="justify-self-start" onClick={() => setAsked('retry')}>
        Try again
      </Button>
      <ConfirmDialog
        open={asked === 'retry'}
        onClose={close}
        title="Try this task again?"
        description="A new task with the same input is made for its owner. This one stays as it is."
        confirm="Make a new task"
        onConfirm={() => retry.mutateAsync()}
      />
    </>
  );
}
