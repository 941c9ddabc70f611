import { Link } from 'react-router';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { keys } from '../../api/keys';
import { usePages } from '../../api/pages';
import { Badge, wordsOf } from '../../ui/badge';
import { Card } from '../../ui/card';
import { InfiniteList } from '../../ui/infinite-list';
import { Rating } from '../../ui/rating';

type Matched = View<'MatchedView'>;

/** Whom a request was routed to, and why. To be put in a panel. */
export function Matches({ requestId }: { requestId: string }) {
  const pages = usePages({
    queryKey: keys.requests.matches(requestId),
    fetchPage: (page, signal) =>
      call(
        client.GET('/requests/{request_id}/matches', {
          params: { path: { request_id: requestId }, query: page },
          signal,
        }),
      ),
  });
  return (
    <InfiniteList
      label="Providers who were asked"
      pages={pages}
      keyOf={({ provider }) => provider.id}
      empty={<p className="text-muted">Nobody was asked yet.</p>}
    >
      {(matched) => <MatchCard matched={matched} />}
    </InfiniteList>
  );
}

function MatchCard({ matched }: { matched: Matched }) {
  const { provider, score, factors } = matched;
  return (
    <Card className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Link to={`/providers/${provider.id}`} className="font-medium underline-offset-4 hover:underline">
          {provider.name}
        </Link>
        <Answered matched={matched} />
      </div>
      {provider.headline !== '' && <p>{provider.headline}</p>}
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <Rating rating={provider.rating} count={provider.review_count} />
        <span>{provider.city}</span>
        {provider.completed_jobs > 0 && <span>{provider.completed_jobs} jobs done here</span>}
      </p>
      <details>
        <summary className="min-h-9 content-center text-sm text-accent">Fits {Math.round(score * 100)} %: why</summary>
        <ul className="grid gap-2 pt-1">
          {factors
            .toSorted((one, other) => other.share - one.share)
            .map((factor) => (
              <FactorLine key={factor.name} factor={factor} />
            ))}
        </ul>
      </details>
    </Card>
  );
}

function Answered({ matched: { passed, viewed } }: { matched: Matched }) {
  if (passed) return <Badge>Passed</Badge>;
  return viewed ? <Badge tone="accent">Has looked</Badge> : <Badge>Asked</Badge>;
}

/** What each factor says of a provider: little, some, much. */
const meanings: Record<string, { name: string; levels: readonly [string, string, string] }> = {
  specialization: {
    name: 'What they do',
    levels: ['Only loosely what you ask for', 'Close to what you ask for', 'Just what you ask for'],
  },
  distance: { name: 'Distance', levels: ['Rather far', 'Within reach', 'Close by'] },
  availability: { name: 'Time', levels: ['Few free times', 'Some free times', 'Many free times'] },
  rating: { name: 'Reviews', levels: ['Rated below others', 'Rated like most', 'Rated very well'] },
  price: { name: 'Price', levels: ['At the upper end', 'Within what is usual', 'Well within your budget'] },
  responsiveness: { name: 'Answers', levels: ['Answers seldom or late', 'Usually answers', 'Answers fast'] },
};

function FactorLine({ factor: { name, value, weight } }: { factor: View<'Factor'> }) {
  const meaning = meanings[name];
  const level = value < 1 / 3 ? 0 : value < 2 / 3 ? 1 : 2;
  const title = meaning?.name ?? wordsOf(name);
  return (
    <li className="grid gap-1 text-sm">
      <div className="flex justify-between gap-3">
        <span>
          <span className="font-medium">{title}</span>
          {meaning !== undefined && `: ${meaning.levels[level]}`}
        </span>
        <span className="whitespace-nowrap text-muted">counts {Math.round(weight * 100)} %</span>
      </div>
      <div role="img" aria-label={`${Math.round(value * 100)} of 100`} className="h-1.5 rounded-full bg-sunken">
        <div className="h-full rounded-full bg-accent" style={{ width: `${value * 100}%` }} />
      </div>
    </li>
  );
}
