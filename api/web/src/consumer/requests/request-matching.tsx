import type { View } from '../../api/client';
import type { Request } from '../../requests/request';
import { Spinner } from '../../ui/button';
import { Notice } from '../../ui/notice';

type Task = View<'TaskView'>;

/** What the matching does, and what would help if nobody fits. Said aloud when it changes. */
export function RequestMatching({ request, task }: { request: Request; task: Task | null }) {
  const isOver = request.status !== 'matching' && request.status !== 'matched';
  return <div aria-live="polite">{!isOver && <MatchingState request={request} task={task} />}</div>;
}

function MatchingState({ request, task }: { request: Request; task: Task | null }) {
  if (request.match?.status === 'processing') {
    return (
      <div className="flex items-center gap-2.5 rounded-control bg-accent-soft px-3 py-2.5 text-sm">
        <Spinner />
        <p>{progressOf(task)}</p>
      </div>
    );
  }
  if (task?.status === 'failed') {
    return (
      <Notice tone="bad">
        {task.error?.detail ?? 'The search for providers failed.'} You can have it matched again.
      </Notice>
    );
  }
  if (request.status === 'matched') {
    return (
      <Notice tone="info">
        Providers were asked. Their offers appear here by themselves; if none comes within six hours, others are asked.
      </Notice>
    );
  }
  return <NobodyFits task={task} />;
}

function progressOf(task: Task | null): string {
  if (task?.stage === 'retrying') return 'This takes longer than usual; it is being tried again.';
  const before = task?.stage === 'queued' ? task.queue_position : null;
  if (before != null && before > 0) return `Waiting to begin: ${before} before yours.`;
  return 'Looking for providers who fit.';
}

const wishes: Record<View<'Constraint'>, string> = {
  window: 'If the time were open',
  budget: 'With a higher budget',
  distance: 'Further away',
  place: 'If it could be done elsewhere',
};

function NobodyFits({ task }: { task: Task | null }) {
  const result = task?.result?.kind === 'matching' ? task.result : null;
  return (
    <Notice tone="warn">
      <p>Nobody fits yet. It is tried again each hour, and as soon as a fitting provider joins.</p>
      {result !== null && result.relax.length > 0 && (
        <ul className="mt-1 list-disc pl-5">
          {result.relax.map(({ constraint, would_add: more }) => (
            <li key={constraint}>
              {wishes[constraint]}: {more === 1 ? 'one provider' : `${more} providers`} more.
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
