import type { ComponentProps } from 'react';
import { Link } from 'react-router';
import { classNames } from './class-names';

const look = 'block rounded-card border border-line bg-surface p-4 sm:p-5';

export function Card({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={classNames(look, className)} {...rest} />;
}

/** A card that leads somewhere as a whole. */
export function CardLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return <Link className={classNames(look, 'transition-colors hover:border-line-strong', className)} {...rest} />;
}
