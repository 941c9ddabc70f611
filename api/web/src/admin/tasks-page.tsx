import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { usePages } from '../api/pages';
import { Badge, StateBadge, wordsOf } from '../ui/badge';
import { CardLink } from '../ui/card';
import { Select } from '../ui/fields';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Time } from '../ui/time';
import { useChoice } from './filters';
import type { Choice } from './filters';
import { searchPages } from './search-pages';
import { SearchResults } from './search-results';

type Task = View<'AdminTaskView'>;

interface Filter {
  status: Task['status'] | '';
  kind: Task['kind'] | '';
  stage: Task['stage'] | '';
  age: Age;
}

const HOUR_MS = 3_600_000;

/** How old a task may be. */
const ages = { '': Infinity, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
type Age = keyof typeof ages;

const statuses: readonly [Choice<Filter['status']>, ...Choice<Filter['status']>[]] = [
  { value: '', label: 'Any status' },
  { value: 'processing', label: 'Processing' },
  { value: 'failed', label: 'Failed (dead letters)' },
  { value: 'cancelled', label: 'Cancelled' },
  { value: 'completed', label: 'Completed' },
];
const kinds: readonly [Choice<Filter['kind']>, ...Choice<Filter['kind']>[]] = [
  { value: '', label: 'Any kind' },
  { value: 'chat', label: 'Chat' },
  { value: 'matching', label: 'Matching' },
  { value: 'offer_draft', label: 'Offer draft' },
  { value: 'auto_offer', label: 'Auto offer' },
  { value: 'embedding', label: 'Embedding' },
  { value: 'probe', label: 'Probe' },
];
const stages: readonly [Choice<Filter['stage']>, ...Choice<Filter['stage']>[]] = [
  { value: '', label: 'Any stage' },
  { value: 'queued', label: 'Queued' },
  { value: 'running', label: 'Running' },
  { value: 'retrying', label: 'Retrying' },
  { value: 'done', label: 'Done' },
];
const ageChoices: readonly [Choice<Age>, ...Choice<Age>[]] = [
  { value: '', label: 'Any age' },
  { value: 'hour', label: 'Made in the last hour' },
  { value: 'day', label: 'Made in the last day' },
  { value: 'week', label: 'Made in the last week' },
];

export default function TasksPage() {
  const [status, setStatus] = useChoice('status', statuses);
  const [kind, setKind] = useChoice('kind', kinds);
  const [stage, setStage] = useChoice('stage', stages);
  const [age, setAge] = useChoice('age', ageChoices);
  const filter: Filter = { status, kind, stage, age };
  return (
    <Page title="Tasks" width="wide">
      <div role="search" aria-label="Filter tasks" className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <Select label="Status" value={status} onChange={setStatus} options={statuses} />
        <Select label="Kind" value={kind} onChange={setKind} options={kinds} />
        <Select label="Stage" value={stage} onChange={setStage} options={stages} />
        <Select label="Age" value={age} onChange={setAge} options={ageChoices} />
      </div>
      <Panel resetKey={JSON.stringify(filter)}>
        <TaskList filter={filter} />
      </Panel>
    </Page>
  );
}

function TaskList({ filter }: { filter: Filter }) {
  const pages = usePages({
    queryKey: keys.admin.tasks(filter),
    fetchPage: (page, signal) => findTasks(filter, page, signal),
  });
  return (
    <SearchResults label="Tasks" pages={pages} keyOf={(task) => task.task_id}>
      {(task) => <TaskCard task={task} />}
    </SearchResults>
  );
}

/** The API filters by status and answers the newest first; the rest is looked for here. */
function findTasks({ status, kind, stage, age }: Filter, page: { cursor?: string }, signal: AbortSignal) {
  const oldest = Date.now() - ages[age];
  return searchPages<Task>({
    ...page,
    fetchPage: (asked) =>
      call(
        client.GET('/admin/tasks', {
          params: { query: { ...(status === '' ? {} : { status }), ...asked } },
          signal,
        }),
      ),
    matches: (task) => (kind === '' || task.kind === kind) && (stage === '' || task.stage === stage),
    isBeyond: (task) => new Date(task.created_at).getTime() < oldest,
  });
}

function TaskCard({ task }: { task: Task }) {
  return (
    <CardLink to={`/admin/tasks/${task.task_id}`} className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{wordsOf(task.kind)}</span>
        <StateBadge state={task.status} />
        {task.status === 'processing' && <StateBadge state={task.stage} />}
        {task.attempts > 1 && <Badge tone="warn">{task.attempts} attempts</Badge>}
        <span className="ml-auto text-sm text-muted">
          <Time at={task.created_at} ago />
        </span>
      </div>
      {task.error_code != null && (
        <p className="text-sm text-bad">
          <code>{task.error_code}</code>: {task.error_detail}
        </p>
      )}
      <p className="text-xs break-all text-muted">{task.task_id}</p>
    </CardLink>
  );
}
