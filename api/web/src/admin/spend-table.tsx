import { Card } from '../ui/card';
import { formatMicros } from '../ui/money';
import type { SpendLine } from './spend';

interface SpendTableProps {
  caption: string;
  /** What the lines are of. */
  heading: string;
  lines: readonly SpendLine[];
  nameOf?: (name: string) => string;
}

/** What was spent by one of its sides: figures, and a bar for the eye beside each. */
export function SpendTable({ caption, heading, lines, nameOf = (name) => name }: SpendTableProps) {
  const most = Math.max(1, ...lines.map((line) => line.cost_micros));
  return (
    <Card>
      <table className="w-full text-left text-sm">
        <caption className="mb-2 text-left font-serif text-lg font-semibold">{caption}</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-1 pr-3 font-medium">
              {heading}
            </th>
            <th scope="col" className="py-1 pr-3 text-right font-medium">
              Cost
            </th>
            <th scope="col" className="py-1 pr-3 text-right font-medium max-sm:hidden">
              Calls
            </th>
            <th scope="col" className="py-1 text-right font-medium max-sm:hidden">
              Tokens
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name} className="border-t border-line">
              <th scope="row" className="w-1/2 py-2 pr-3 font-normal">
                <span className="break-words">{nameOf(line.name)}</span>
                <span aria-hidden className="mt-1 block h-2 rounded-full bg-sunken">
                  <span
                    className="block h-2 rounded-full bg-accent"
                    style={{ width: `${(100 * line.cost_micros) / most}%` }}
                  />
                </span>
              </th>
              <td className="py-2 pr-3 text-right tabular-nums">{formatMicros(line.cost_micros)}</td>
              <td className="py-2 pr-3 text-right tabular-nums max-sm:hidden">{line.calls.toLocaleString('en')}</td>
              <td className="py-2 text-right tabular-nums max-sm:hidden">{line.tokens.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
