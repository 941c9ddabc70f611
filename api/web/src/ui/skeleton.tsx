import { classNames } from './class-names';
import { Notice } from './notice';

/** A place that is being filled; give it the final size: `<Skeleton className="h-24" />`. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden data-skeleton="" className={classNames('animate-pulse rounded-control bg-sunken', className)} />
  );
}

/** Several of one size, as a list will be. */
export function ListSkeleton({ count = 3, className = 'h-24' }: { count?: number; className?: string }) {
  return (
    <div className="grid gap-3">
      <p role="status" className="sr-only">
        Loading
      </p>
      {Array.from({ length: count }, (_, at) => (
        <Skeleton key={at} className={classNames('rounded-card', className)} />
      ))}
    </div>
  );
}

/** A page that is being loaded; says what is wrong if it takes long. */
export function PageSkeleton({ trouble = null }: { trouble?: string | null }) {
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-4 px-4 py-6">
      {trouble !== null && (
        <Notice tone="warn" role="status">
          {trouble} Trying again by itself.
        </Notice>
      )}
      <Skeleton className="h-9 w-48" />
      <ListSkeleton />
    </div>
  );
}
