import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { Icon } from './icons';
import type { IconName } from './icons';

const layouts = {
  /** Each name beside what is said of it, where there is room. */
  lines: 'gap-y-2 sm:grid-cols-[minmax(8rem,auto)_1fr] sm:*:contents',
  /** Each name above what is said of it; one below the other, or in columns. */
  1: 'gap-y-3',
  2: 'gap-y-3 sm:grid-cols-2',
  3: 'gap-y-3 sm:grid-cols-3',
} as const;

/** Facts by their names. */
export function Facts({ layout = 'lines', children }: { layout?: keyof typeof layouts; children: ReactNode }) {
  return <dl className={classNames('grid gap-x-6', layouts[layout])}>{children}</dl>;
}

/** One of several {@link Facts}; what is not known is left out. An icon is for names that stand above. */
export function Fact({ name, icon, children }: { name: string; icon?: IconName; children: ReactNode }) {
  const isUnknown = children == null || children === '' || children === false;
  if (isUnknown || (Array.isArray(children) && children.length === 0)) return null;
  return (
    <div className={classNames('min-w-0', icon !== undefined && 'relative pl-8')}>
      <dt className="text-sm text-muted">
        {icon !== undefined && (
          <span className="absolute top-0.5 left-0">
            <Icon name={icon} />
          </span>
        )}
        {name}
      </dt>
      <dd className="min-w-0 whitespace-pre-line [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
