import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { signInPath } from '../auth/return-path';
import { useWho } from '../auth/who';
import { ButtonLink } from '../ui/button';
import { classNames } from '../ui/class-names';
import { Icon } from '../ui/icons';
import { AccountMenu } from './account-menu';
import { placesOf } from './navigation';
import type { Place } from './navigation';
import { NotificationBell } from './notification-bell';
import { OfflineBanner } from './offline-banner';

/** What is around every page: header, navigation (a bar at the bottom of phones), and the page itself. */
export function Layout() {
  const { role, status } = useWho();
  const places = placesOf(role).main;
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only z-60 rounded-control bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-ground">
        <div className="mx-auto flex h-(--header) max-w-6xl items-center gap-4 px-4">
          <Link to="/" className="font-serif text-xl font-semibold">
            Proxie
          </Link>
          <nav aria-label="Main" className="hidden flex-1 gap-1 md:flex">
            {places.map((place) => (
              <HeaderLink key={place.to} {...place} />
            ))}
          </nav>
          <div className="ml-auto flex items-center">
            {status === 'signed-in' && (
              <>
                <NotificationBell />
                <AccountMenu />
              </>
            )}
            {status === 'guest' && <SignInLink />}
          </div>
        </div>
      </header>
      <OfflineBanner />
      <main id="main" tabIndex={-1} className="flex-1">
        <Outlet />
      </main>
      <nav
        aria-label="Main"
        className="sticky bottom-0 z-30 grid h-(--bar) auto-cols-fr grid-flow-col border-t border-line bg-ground md:hidden"
      >
        {places.map((place) => (
          <BarLink key={place.to} {...place} />
        ))}
      </nav>
      <ScrollRestoration />
    </div>
  );
}

function SignInLink() {
  const { pathname, search } = useLocation();
  const isHere = pathname === '/sign-in' || pathname === '/sign-up';
  return (
    <ButtonLink to={signInPath('/sign-in', isHere ? '/' : pathname + search)} look="plain" size="small">
      Sign in
    </ButtonLink>
  );
}

function HeaderLink({ to, label, exact = false }: Place) {
  return (
    <NavLink
      to={to}
      end={exact}
      className={({ isActive }) =>
        classNames(
          'rounded-control px-3 py-2 text-sm font-medium hover:bg-sunken',
          isActive ? 'bg-sunken text-ink' : 'text-muted',
        )
      }
    >
      {label}
    </NavLink>
  );
}

function BarLink({ to, label, icon, exact = false }: Place) {
  return (
    <NavLink
      to={to}
      end={exact}
      className={({ isActive }) =>
        classNames(
          'grid place-content-center justify-items-center gap-0.5 text-xs',
          isActive ? 'font-medium text-accent' : 'text-muted',
        )
      }
    >
      <Icon name={icon} />
      {label}
    </NavLink>
  );
}
