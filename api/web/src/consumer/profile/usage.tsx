import { useSuspenseQuery } from '@tanstack/react-query';
import { call, client } from '../../api/client';
import { keys } from '../../api/keys';
import { wordsOf } from '../../ui/badge';
import { formatMicros } from '../../ui/money';
import { formatLocalDate } from '../../ui/times';

const count = new Intl.NumberFormat('en');

/** What models were called for, in the last 30 days. To be put in a panel. */
export function Usage() {
  const { data } = useSuspenseQuery({
    queryKey: keys.usage.mine({}),
    queryFn: ({ signal }) => call(client.GET('/usage/me', { signal })),
  });
  const { items, total } = data;
  return (
    <div className="grid gap-3">
      <p className="text-muted">
        What your conversations cost in models from {formatLocalDate(data.from)} to {formatLocalDate(data.to)}. You do
        not pay for it; there is a limit for each day.
      </p>
      {items.length === 0 ? (
        <p>Nothing was used.</p>
      ) : (
        // Focusable, so that it can be scrolled by keys where it is narrow.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div role="region" aria-label="Usage" tabIndex={0} className="overflow-x-auto">
          <table className="w-full text-left text-sm">
            <thead className="text-muted">
              <tr className="border-b border-line">
                <Cell head>Day</Cell>
                <Cell head>For</Cell>
                <Cell head>Model</Cell>
                <Cell head end>
                  Calls
                </Cell>
                <Cell head end>
                  Tokens
                </Cell>
                <Cell head end>
                  Cost
                </Cell>
              </tr>
            </thead>
            <tbody>
              {items.map((line) => (
                <tr key={`${line.day} ${line.feature} ${line.model}`} className="border-b border-line">
                  <Cell>{formatLocalDate(line.day)}</Cell>
                  <Cell>{wordsOf(line.feature)}</Cell>
                  <Cell>{line.model}</Cell>
                  <Cell end>{count.format(line.calls)}</Cell>
                  <Cell end>{count.format(line.prompt_tokens + line.completion_tokens)}</Cell>
                  <Cell end>{formatMicros(line.cost_micros)}</Cell>
                </tr>
              ))}
            </tbody>
            <tfoot className="font-medium">
              <tr>
                <Cell>Together</Cell>
                <Cell />
                <Cell />
                <Cell end>{count.format(total.calls)}</Cell>
                <Cell end>{count.format(total.prompt_tokens + total.completion_tokens)}</Cell>
                <Cell end>{formatMicros(total.cost_micros)}</Cell>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
    </div>
  );
}

function Cell({ head = false, end = false, children }: { head?: boolean; end?: boolean; children?: string }) {
  const look = end ? 'py-2 pl-3 text-right whitespace-nowrap' : 'py-2 pr-3 whitespace-nowrap';
  return head ? (
    <th scope="col" className={look}>
      {children}
    </th>
  ) : (
    <td className={look}>{children}</td>
  );
}
