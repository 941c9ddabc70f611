import type { ReactNode } from 'react';

interface Bar {
  label: ReactNode;
  key: string;
  value: number;
  /** As it is read; the number itself if absent. */
  said?: string;
}

interface BarChartProps {
  title: string;
  bars: readonly Bar[];
  /** What a full bar is; the largest value if absent. */
  full?: number;
}

/** Bars that lie. It is a table for whoever does not see them: the bars only repeat its numbers. */
export function BarChart({ title, bars, full }: BarChartProps) {
  const most = full ?? Math.max(...bars.map(({ value }) => value), 1);
  return (
    <table className="w-full">
      <caption className="mb-2 text-left font-serif text-lg font-semibold">{title}</caption>
      <tbody>
        {bars.map(({ key, label, value, said }) => (
          <tr key={key}>
            <th scope="row" className="w-2/5 py-1 pr-3 text-left font-normal">
              {label}
            </th>
            <td aria-hidden className="py-1">
              <div className="h-4 rounded-full bg-sunken">
                <div
                  className="h-4 rounded-full bg-accent"
                  style={{ width: `${(Math.min(value / most, 1) * 100).toFixed(1)}%` }}
                />
              </div>
            </td>
            <td className="w-px py-1 pl-3 text-right whitespace-nowrap tabular-nums">{said ?? value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
