import { useSuspenseQuery } from '@tanstack/react-query';
import { BarChart } from '../ui/bar-chart';
import { Card } from '../ui/card';
import { breakdownParts } from './breakdown';
import { aggregateQuery } from './reviews';

const stars = [5, 4, 3, 2, 1] as const;

/** All reviews of a provider in figures; nothing while there are too few for a mean. */
export function RatingSummary({ providerId }: { providerId: string }) {
  const { data: aggregate } = useSuspenseQuery(aggregateQuery(providerId));
  if (aggregate === null) return null;
  const { average, count, breakdown, distribution } = aggregate;
  const parts = breakdownParts.flatMap(({ part, name }) => {
    const mean = breakdown[part];
    return mean == null ? [] : [{ key: part, label: name, value: mean, said: mean.toFixed(1) }];
  });
  return (
    <Card className="grid gap-5 sm:grid-cols-2">
      <BarChart
        title={`${average?.toFixed(1) ?? '–'} of 5, from ${count} reviews`}
        bars={stars.map((star) => ({
          key: String(star),
          label: star === 1 ? '1 star' : `${star} stars`,
          value: distribution[star],
        }))}
      />
      {parts.length > 0 && <BarChart title="In detail" full={5} bars={parts} />}
    </Card>
  );
}
