import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'react-router';
import { classNames } from './class-names';
import { Icon } from './icons';
import type { IconName } from './icons';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';
type Size = 'normal' | 'small';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-strong',
  plain: 'border border-line-strong bg-surface text-ink hover:bg-sunken',
  quiet: 'text-accent hover:bg-accent-soft',
  danger: 'border border-bad bg-surface text-bad hover:bg-bad-soft',
};

const sizes: Record<Size, string> = {
  normal: 'min-h-11 px-4 py-2',
  small: 'min-h-9 px-3 py-1.5 text-sm',
};

function classOf(look: Look, size: Size, className?: string): string {
  return classNames(
    'inline-flex items-center justify-center gap-2 rounded-control font-medium transition-colors',
    'disabled:opacity-60 disabled:pointer-events-none',
    looks[look],
    sizes[size],
    className,
  );
}

interface Common {
  look?: Look;
  size?: Size;
  icon?: IconName;
  children: ReactNode;
}

type ButtonProps = Common &
  ComponentProps<'button'> & { /** Something runs: it cannot be pressed again. */ busy?: boolean };

export function Button({
  look = 'primary',
  size = 'normal',
  icon,
  busy = false,
  className,
  children,
  type = 'button',
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classOf(look, size, className)}
      disabled={disabled === true || busy}
      aria-busy={busy}
      {...rest}
    >
      {busy ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function ButtonLink({
  look = 'primary',
  size = 'normal',
  icon,
  className,
  children,
  ...rest
}: Common & ComponentProps<typeof Link>) {
  return (
    <Link className={classOf(look, size, className)} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** A round button with an icon only; `label` says what it does. */
export function IconButton({
  name,
  label,
  className,
  type = 'button',
  ...rest
}: { name: IconName; label: string } & Omit<ComponentProps<'button'>, 'name' | 'children'>) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classNames(
        'inline-grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink disabled:opacity-60',
        className,
      )}
      {...rest}
    >
      <Icon name={name} />
    </button>
  );
}

export function Spinner() {
  return <span aria-hidden className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent" />;
}
