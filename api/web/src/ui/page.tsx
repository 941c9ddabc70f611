import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { classNames } from './class-names';
import { Icon } from './icons';

interface PageProps {
  /** The heading, and the title of the document. */
  title: string;
  /** Beside the heading: buttons. */
  actions?: ReactNode;
  /** Above the heading: a {@link BackLink}. */
  back?: ReactNode;
  width?: 'narrow' | 'normal' | 'wide';
  children: ReactNode;
}

const widths = { narrow: 'max-w-md', normal: 'max-w-3xl', wide: 'max-w-6xl' } as const;

/** What every page but the chat begins with. */
export function Page({ title, actions, back, width = 'normal', children }: PageProps) {
  return (
    <div className={classNames('mx-auto grid w-full content-start gap-5 px-4 py-6', widths[width])}>
      {back}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <PageHeading title={title} />
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** The way back, to where more like it is. */
export function BackLink({ to, children }: { to: string; children: string }) {
  return (
    <Link to={to} className="flex items-center gap-1 justify-self-start text-accent hover:underline">
      <Icon name="left" /> {children}
    </Link>
  );
}

/** The heading of a page. After a navigation it takes the focus, so that it is read out; `quiet` leaves the focus to the page. */
export function PageHeading({
  title,
  hidden = false,
  quiet = false,
}: {
  title: string;
  hidden?: boolean;
  quiet?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, pathname } = useLocation();
  // The first page of a visit is read out by itself: its key is `default` until its address changes, be it only the filters.
  const readOut = useRef(key === 'default' ? pathname : null);
  useEffect(() => {
    if (pathname !== readOut.current && !quiet) heading.current?.focus({ preventScroll: true });
  }, [quiet, pathname]);
  return (
    <>
      <title>{`${title} · Proxie`}</title>
      <h1 ref={heading} tabIndex={-1} className={hidden ? 'sr-only' : 'font-serif text-2xl font-semibold text-balance'}>
        {title}
      </h1>
    </>
  );
}
