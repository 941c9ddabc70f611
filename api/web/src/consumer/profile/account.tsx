import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call, client } from '../../api/client';
import { keys } from '../../api/keys';
import { useWho } from '../../auth/who';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { ConfirmDialog } from '../../ui/dialog';
import { TextField } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Panel } from '../../ui/panel';
import { Skeleton } from '../../ui/skeleton';
import { Time } from '../../ui/time';
import { toast, toastFailure } from '../../ui/toast';

/** The account itself: its password, all that is kept of it, and its end. */
export function Account() {
  return (
    <div className="grid gap-4">
      <Panel skeleton={<Skeleton className="h-80" />}>
        <SignIn />
      </Panel>
      <Export />
      <Closing />
    </div>
  );
}

/** How its owner signs in. */
function SignIn() {
  const { data: me } = useSuspenseQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => call(client.GET('/auth/me', { signal })),
  });
  return (
    <div className="grid gap-4">
      <p className="text-muted">
        {me.email == null ? 'An account of another service' : `Signed in as ${me.email}`}, since{' '}
        <Time at={me.created_at} />.
      </p>
      {me.email != null && <Password />}
    </div>
  );
}

function Password() {
  const { enter } = useWho();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => call(client.POST('/auth/password', { body: { current_password: current, new_password: next } })),
    onSuccess: (signIn) => {
      enter(signIn);
      setCurrent('');
      setNext('');
      toast('The password is changed. Everywhere else you are signed out.');
    },
  });
  return (
    <Card className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">Password</h2>
      <Form failure={change.error} onSubmit={() => change.mutate()}>
        <TextField
          label="Present password"
          pointer="/body/current_password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={200}
          value={current}
          onChange={setCurrent}
        />
        <TextField
          label="New password"
          hint="At least 8 characters."
          pointer="/body/new_password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={200}
          value={next}
          onChange={setNext}
        />
        <Button type="submit" look="plain" busy={change.isPending} className="justify-self-start">
          Change password
        </Button>
      </Form>
    </Card>
  );
}

function Export() {
  const take = useMutation({
    mutationFn: () => call(client.GET('/auth/me/export', { parseAs: 'blob' })),
    onSuccess: (file) => save(file, 'proxie-export.json'),
    onError: toastFailure,
  });
  return (
    <Card className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">Take everything along</h2>
      <p>All that Proxie keeps about you, as one JSON file.</p>
      <Button
        look="plain"
        icon="download"
        busy={take.isPending}
        className="justify-self-start"
        onClick={() => take.mutate()}
      >
        Download
      </Button>
    </Card>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

const CONFIRMATION = 'close my account';

function Closing() {
  const { leave } = useWho();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const [typed, setTyped] = useState('');
  return (
    <Card className="grid gap-3">
      <h2 className="font-serif text-lg font-semibold">Close the account</h2>
      <p>
        Your offers are withdrawn, upcoming bookings are cancelled, and you are signed out everywhere. This cannot be
        taken back.
      </p>
      <Button look="danger" className="justify-self-start" onClick={() => setAsks(true)}>
        Close my account
      </Button>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title="Close your account for ever?"
        description="Download what you want to keep first."
        confirm="Close my account"
        danger
        onConfirm={async () => {
          await call(client.DELETE('/auth/me'));
          leave();
          toast('Your account is closed.');
          await navigate('/');
        }}
      >
        <TextField
          label={`Type “${CONFIRMATION}”`}
          autoComplete="off"
          required
          pattern={CONFIRMATION}
          title={`Type ${CONFIRMATION}`}
          value={typed}
          onChange={setTyped}
        />
      </ConfirmDialog>
    </Card>
  );
}
