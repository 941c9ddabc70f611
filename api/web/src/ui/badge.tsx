import type { ReactNode } from 'react';
import { classNames } from './class-names';

const tones = {
  neutral: 'bg-sunken text-ink',
  accent: 'bg-accent-soft text-ink',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
} as const;

export type Tone = keyof typeof tones;

/** A word or two of state. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2.5 py-0.5 text-xs font-medium',
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}

const states: Record<string, Tone> = {
  matching: 'accent',
  matched: 'accent',
  offers_received: 'good',
  booked: 'good',
  completed: 'good',
  cancelled: 'neutral',
  expired: 'neutral',
  pending: 'accent',
  accepted: 'good',
  declined: 'neutral',
  withdrawn: 'neutral',
  confirmed: 'good',
  no_show: 'bad',
  draft: 'neutral',
  verified: 'good',
  pending_verification: 'warn',
  rejected: 'bad',
  active: 'good',
  paused: 'warn',
  suspended: 'bad',
  deleted: 'bad',
  processing: 'accent',
  failed: 'bad',
  queued: 'neutral',
  running: 'accent',
  retrying: 'warn',
  done: 'good',
};

/** A state of the API (`offers_received`) as people read it (Offers received), in its tone everywhere. */
export function StateBadge({ state }: { state: string }) {
  return <Badge tone={states[state] ?? 'neutral'}>{wordsOf(state)}</Badge>;
}

/** A name of the API as words: `offers_received` is `Offers received`. */
export function wordsOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
