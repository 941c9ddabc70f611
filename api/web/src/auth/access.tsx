import type { ReactNode } from 'react';
import { useLocation } from 'react-router';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';
import { PageSkeleton } from '../ui/skeleton';
import { signInPath } from './return-path';
import { useWho } from './who';

/** Who may see a page. */
export type Access = 'anyone' | 'signed-in' | 'provider' | 'admin';

/** Shows a page to whom it is for, and everybody else the way to it. */
export function Guarded({ access, children }: { access: Access; children: ReactNode }) {
  const { status, role, trouble } = useWho();
  const { pathname, search } = useLocation();
  if (access === 'anyone') return children;
  if (status === 'loading') return <PageSkeleton trouble={trouble} />;
  if (status === 'guest') {
    const here = pathname + search;
    return (
      <Page title="Sign in to see this page">
        <EmptyState
          icon="user"
          title="This page is part of an account"
          action={
            <>
              <ButtonLink to={signInPath('/sign-in', here)}>Sign in</ButtonLink>
              <ButtonLink to={signInPath('/sign-up', here)} look="quiet">
                Create an account
              </ButtonLink>
            </>
          }
        >
          You will come straight back here. What you said in chat so far comes along.
        </EmptyState>
      </Page>
    );
  }
  if (access === 'provider' && role !== 'provider') {
    return (
      <Page title="For providers">
        <EmptyState
          icon="briefcase"
          title="This page is for providers"
          action={<ButtonLink to="/enroll">Offer your services</ButtonLink>}
        >
          Tell Proxie about your craft once, and its agent brings you the right requests.
        </EmptyState>
      </Page>
    );
  }
  if (access === 'admin' && role !== 'admin') {
    return (
      <Page title="For administrators">
        <EmptyState
          icon="shield"
          title="This page is for administrators"
          action={<ButtonLink to="/">Back to the chat</ButtonLink>}
        >
          Your account does not have that role.
        </EmptyState>
      </Page>
    );
  }
  return children;
}
