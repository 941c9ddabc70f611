import type { ReactNode } from 'react';
import type { Request } from '../../requests/request';
import { classNames } from '../../ui/class-names';
import { Icon } from '../../ui/icons';
import { Time } from '../../ui/time';

interface Step {
  name: string;
  state: 'done' | 'now' | 'ahead' | 'ended';
  note?: ReactNode;
}

/** The states that a request goes through, and where it is. */
export function RequestTimeline({ request }: { request: Request }) {
  return (
    <ol aria-label="How it stands" className="grid gap-3 sm:auto-cols-fr sm:grid-flow-col sm:gap-2">
      {stepsOf(request).map((step) => (
        <li
          key={step.name}
          {...(step.state === 'now' ? { 'aria-current': 'step' } : {})}
          className="flex gap-2.5 sm:grid sm:content-start sm:gap-1.5"
        >
          <Mark state={step.state} />
          <div>
            <p className={classNames(step.state === 'now' && 'font-medium', step.state === 'ahead' && 'text-muted')}>
              {step.name}
            </p>
            {step.note !== undefined && <p className="text-sm text-muted">{step.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

const way = ['matching', 'matched', 'offers_received', 'booked', 'completed'] as const;

function stepsOf(request: Request): Step[] {
  const { status } = request;
  const posted: Step = { name: 'Posted', state: 'done', note: <Time at={request.created_at} ago /> };
  const matchedAt = request.match?.matched_at;
  const matched = matchedAt == null ? {} : { note: <Time at={matchedAt} ago /> };
  if (status === 'cancelled') return [posted, { name: 'Cancelled', state: 'ended' }];
  if (status === 'expired') {
    return [posted, { name: 'Expired', state: 'ended', note: <Time at={request.expires_at} /> }];
  }
  const here = way.indexOf(status);
  const step = (at: number, before: string, after: string): Step =>
    here >= at ? { name: after, state: 'done' } : { name: before, state: here === at - 1 ? 'now' : 'ahead' };
  return [
    posted,
    { ...step(1, 'Looking for providers', 'Providers asked'), ...matched },
    { ...step(2, 'Waiting for offers', 'Offers came') },
    step(3, 'Choose an offer', 'Booked'),
    step(4, 'The work', 'Done'),
  ];
}

function Mark({ state }: { state: Step['state'] }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'grid size-6 shrink-0 place-items-center rounded-full border-2',
        state === 'done' && 'border-good bg-good-soft text-good',
        state === 'now' && 'border-accent bg-accent-soft text-accent',
        state === 'ahead' && 'border-line-strong',
        state === 'ended' && 'border-line-strong bg-sunken text-muted',
      )}
    >
      {state === 'done' && <Icon name="check" size={14} />}
      {state === 'now' && <span className="size-2 rounded-full bg-current" />}
      {state === 'ended' && <Icon name="close" size={14} />}
    </span>
  );
}
