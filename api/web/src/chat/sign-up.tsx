import { Link } from 'react-router';
import { signInPath } from '../auth/return-path';
import { ButtonLink } from '../ui/button';

/** A guest's draft is kept; it happens once they have an account and say so. */
export function SignUp({ sessionId }: { sessionId: string | null }) {
  const back = sessionId === null ? '/' : `/chat/${sessionId}`;
  return (
    <div className="grid gap-2">
      <p>Create a free account to go on. This conversation comes along, and nothing is sent before you approve it.</p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ButtonLink to={signInPath('/sign-up', back)}>Create an account</ButtonLink>
        <Link to={signInPath('/sign-in', back)} className="text-accent underline underline-offset-2">
          I have one: sign in
        </Link>
      </div>
    </div>
  );
}
