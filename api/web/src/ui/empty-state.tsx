import type { ReactNode } from 'react';
import { Icon } from './icons';
import type { IconName } from './icons';

/** Where there is nothing yet: what will be here, and what to do. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 rounded-card border border-dashed border-line px-4 py-10 text-center">
      <span className="text-muted">
        <Icon name={icon} size={28} />
      </span>
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-muted">{children}</div>}
      {action !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
