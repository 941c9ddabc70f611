import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Navigate, useSearchParams } from 'react-router';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Page } from '../ui/page';
import { ContinueWithClerk } from './continue-with-clerk';
import { returnPath, signInPath } from './return-path';
import { useWho } from './who';

export default function SignInPage() {
  const { status, signIn } = useWho();
  const [params] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({ mutationFn: signIn });
  const back = returnPath(params);

  if (status === 'signed-in') return <Navigate to={back} replace />;
  return (
    <Page title="Sign in" width="narrow">
      <Card>
        <Form failure={enter.error} onSubmit={() => enter.mutate({ email, password })}>
          <TextField
            label="E-mail"
            pointer="/body/email"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={setEmail}
          />
          <TextField
            label="Password"
            pointer="/body/password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={setPassword}
          />
          <Button type="submit" busy={enter.isPending}>
            Sign in
          </Button>
        </Form>
      </Card>
      <ContinueWithClerk />
      <p className="text-center text-muted">
        New here?{' '}
        <Link to={signInPath('/sign-up', back)} className="text-accent underline">
          Create an account
        </Link>
      </p>
    </Page>
  );
}
