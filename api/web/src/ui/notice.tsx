import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { Icon } from './icons';

const tones = {
  info: 'bg-accent-soft text-ink',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
} as const;

/** Something to know, in the flow of the page. */
export function Notice({
  tone = 'info',
  className,
  children,
  ...rest
}: { tone?: keyof typeof tones } & ComponentProps<'div'>) {
  return (
    <div className={classNames('flex gap-2.5 rounded-control px-3 py-2.5 text-sm', tones[tone], className)} {...rest}>
      <Icon name={tone === 'good' ? 'check' : tone === 'info' ? 'info' : 'warning'} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
