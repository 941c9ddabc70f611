import { useEffect, useSyncExternalStore } from 'react';
import { detailOf } from '../api/errors';
import { IconButton } from './button';
import { classNames } from './class-names';
import { Icon } from './icons';

interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

const SHOWN_MS = 6_000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Says for a moment that something was done. */
export function toast(text: string): void {
  change([...toasts, { id: ++lastId, text, tone: 'good' }]);
}

/** Says what went wrong, until it is put away. For what no form or panel shows. */
export function toastFailure(error: unknown): void {
  change([...toasts, { id: ++lastId, text: detailOf(error), tone: 'bad' }]);
}

function dismiss(id: number): void {
  change(toasts.filter((one) => one.id !== id));
}

/** Where toasts appear; once in the app. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-[calc(var(--bar)+0.75rem)] z-60 grid justify-items-center gap-2 px-4"
    >
      {shown.map((one) => (
        <ToastView key={one.id} {...one} />
      ))}
    </div>
  );
}

function ToastView({ id, text, tone }: Toast) {
  useEffect(() => {
    if (tone === 'bad') return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, tone]);
  return (
    <div className="pointer-events-auto flex max-w-lg items-center gap-2.5 rounded-card border border-line bg-surface py-1 pr-1 pl-4 shadow-lg">
      <span className={classNames(tone === 'good' ? 'text-good' : 'text-bad')}>
        <Icon name={tone === 'good' ? 'check' : 'warning'} />
      </span>
      <p>{text}</p>
      <IconButton name="close" label="Put away" onClick={() => dismiss(id)} />
    </div>
  );
}
