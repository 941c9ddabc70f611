import type { View } from '../api/client';
import { addDays } from '../ui/times';

export interface SpendLine {
  name: string;
  calls: number;
  tokens: number;
  cost_micros: number;
}

/** What lines of usage come to by one of their names, in the order in which these are met. */
export function sumBy(
  lines: readonly View<'UsageLineView'>[],
  nameOf: (line: View<'UsageLineView'>) => string,
): SpendLine[] {
  const sums = new Map<string, SpendLine>();
  for (const line of lines) {
    const name = nameOf(line);
    const sum = sums.get(name) ?? { name, calls: 0, tokens: 0, cost_micros: 0 };
    sums.set(name, {
      name,
      calls: sum.calls + line.calls,
      tokens: sum.tokens + line.prompt_tokens + line.completion_tokens,
      cost_micros: sum.cost_micros + line.cost_micros,
    });
  }
  return [...sums.values()];
}

/** The day of UTC, as the API counts usage. */
export function utcToday(): string {
  return new Date().toISOString().slice(0, 10);
}

/** A day so many days before another; what is no day stays as it is, for the API to say so. */
export function daysBefore(day: string, days: number): string {
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) ? day : addDays(day, -days);
}
