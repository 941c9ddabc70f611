import { signInPath } from '../auth/return-path';
import { ButtonLink } from '../ui/button';
import { EmptyState } from '../ui/empty-state';
import { PageHeading } from '../ui/page';

const HERE = '/?role=enrollment';

/** For whom there is no conversation about becoming a provider: guests yet, providers any more. */
export function EnrollmentDoor({ isGuest }: { isGuest: boolean }) {
  return (
    <div className="mx-auto grid w-full max-w-3xl content-start gap-5 px-4 py-6">
      <PageHeading title="Offer your services" />
      {isGuest ? (
        <EmptyState
          icon="briefcase"
          title="This begins with an account"
          action={
            <>
              <ButtonLink to={signInPath('/sign-up', HERE)}>Create an account</ButtonLink>
              <ButtonLink to={signInPath('/sign-in', HERE)} look="quiet">
                Sign in
              </ButtonLink>
            </>
          }
        >
          Then tell Proxie about your craft. You come straight back here.
        </EmptyState>
      ) : (
        <EmptyState
          icon="check"
          title="You are a provider already"
          action={<ButtonLink to="/work">Your leads</ButtonLink>}
        >
          Services, hours and prices can be changed at any time.
        </EmptyState>
      )}
    </div>
  );
}
