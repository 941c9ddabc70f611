import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { wordsOf } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { formatMicros } from '../ui/money';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { formatLocalDate } from '../ui/times';
import { daysBefore, sumBy, utcToday } from './spend';
import { SpendTable } from './spend-table';

/** How many days a look back may take, for a button each. */
const spans = [7, 30, 90] as const;

export default function SpendPage() {
  const [params, setParams] = useSearchParams();
  const to = params.get('to') ?? utcToday();
  const from = params.get('from') ?? daysBefore(to, 29);
  const show = (period: Period) => setParams({ ...period }, { replace: true, preventScrollReset: true });
  return (
    <Page title="Spend" width="wide">
      <PeriodForm from={from} to={to} onChange={show} />
      <p className="text-sm text-muted">Days are those of UTC; at most 92 at once.</p>
      <Panel resetKey={`${from} ${to}`} skeleton={<Skeleton className="h-96 rounded-card" />}>
        <Spend from={from} to={to} />
      </Panel>
    </Page>
  );
}

interface Period {
  from: string;
  to: string;
}

/** Days to be looked at: they count when they are sent, as a date that is being written is another one for a moment. */
function PeriodForm({ from, to, onChange }: Period & { onChange: (period: Period) => void }) {
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(to);
  const [shown, setShown] = useState({ from, to });
  if (from !== shown.from || to !== shown.to) {
    setShown({ from, to });
    setFirst(from);
    setLast(to);
  }
  return (
    <Form
      role="search"
      aria-label="Period"
      className="flex flex-wrap items-end gap-3"
      onSubmit={() => onChange({ from: first, to: last })}
    >
      <TextField label="First day" type="date" required max={last} value={first} onChange={setFirst} />
      <TextField label="Last day" type="date" required min={first} value={last} onChange={setLast} />
      <Button type="submit" look="plain">
        Show
      </Button>
      {spans.map((days) => (
        <Button
          key={days}
          look="quiet"
          onClick={() => onChange({ from: daysBefore(utcToday(), days - 1), to: utcToday() })}
        >
          Last {days} days
        </Button>
      ))}
    </Form>
  );
}

function Spend({ from, to }: Period) {
  const period = { from, to };
  const { data: usage } = useQuery({
    queryKey: keys.usage.everybody(period),
    queryFn: ({ signal }) => call(client.GET('/usage', { params: { query: period }, signal })),
  });
  if (usage === undefined) return <Skeleton className="h-96 rounded-card" />;
  if (usage.items.length === 0) {
    return (
      <EmptyState icon="chart" title="No model was called">
        Between {formatLocalDate(usage.from)} and {formatLocalDate(usage.to)} nothing was spent.
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-4">
      <Totals total={usage.total} />
      <SpendTable
        caption="By day"
        heading="Day"
        lines={sumBy(usage.items, (line) => line.day)}
        nameOf={formatLocalDate}
      />
      <SpendTable
        caption="By feature"
        heading="Feature"
        lines={sumBy(usage.items, (line) => line.feature)}
        nameOf={wordsOf}
      />
      <SpendTable caption="By model" heading="Model" lines={sumBy(usage.items, (line) => line.model)} />
    </div>
  );
}

function Totals({ total }: { total: View<'UsageTotalView'> }) {
  const figures = [
    ['Cost', formatMicros(total.cost_micros)],
    ['Calls', total.calls.toLocaleString('en')],
    ['Given again from the cache', total.cached.toLocaleString('en')],
    ['Failed or called off', total.failed.toLocaleString('en')],
    ['Tokens in', total.prompt_tokens.toLocaleString('en')],
    ['Tokens out', total.completion_tokens.toLocaleString('en')],
  ] as const;
  return (
    <Card>
      <h2 className="mb-3 font-serif text-lg font-semibold">In all</h2>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        {figures.map(([name, figure]) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="text-xl font-semibold tabular-nums">{figure}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
