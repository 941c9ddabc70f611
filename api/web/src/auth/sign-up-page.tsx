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

export default function SignUpPage() {
  const { status, signUp } = useWho();
  const [params] = useSearchParams();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useMutation({ mutationFn: signUp });
  const back = returnPath(params);

  if (status === 'signed-in') return <Navigate to={back} replace />;
  const said = name.trim();
  return (
    <Page title="Create an account" width="narrow">
      <Card>
        <Form
          failure={enter.error}
          onSubmit={() => enter.mutate({ email, password, ...(said === '' ? {} : { name: said }) })}
        >
          <TextField
            label="Name"
            hint="How providers address you. You can leave it out."
            pointer="/body/name"
            autoComplete="name"
            maxLength={200}
            value={name}
            onChange={setName}
          />
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
            hint="At least 8 characters."
            pointer="/body/password"
            type="password"
            autoComplete="new-password"
            minLength={8}
            maxLength={200}
            required
            value={password}
            onChange={setPassword}
          />
          <Button type="submit" busy={enter.isPending}>
            Create account
          </Button>
        </Form>
      </Card>
      <ContinueWithClerk />
      <p className="text-center text-muted">
        You have an account?{' '}
        <Link to={signInPath('/sign-in', back)} className="text-accent underline">
          Sign in
        </Link>
      </p>
    </Page>
  );
}
