import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { StateBadge, wordsOf } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { Fact, Facts } from '../ui/facts';
import { Select } from '../ui/fields';
import { toast } from '../ui/toast';

type Status = View<'UserStatus'>;
type Role = View<'AccountRole'>;
/** A change that an admin thinks about. */
type Change = { status: Status } | { role: Role };

const statuses: readonly { value: Status; label: string }[] = [
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
  { value: 'deleted', label: 'Closed for ever' },
];
const roles: readonly { value: Role; label: string }[] = [
  { value: 'consumer', label: 'Consumer' },
  { value: 'provider', label: 'Provider' },
  { value: 'admin', label: 'Admin' },
];

const consequences: Record<Status | Role, string> = {
  active: 'They can sign in again, and are found if they are a provider.',
  suspended: 'They are signed out everywhere and cannot sign in until you make the account active again.',
  deleted: 'This cannot be taken back. Their offers and bookings are called off, and they cannot sign in any more.',
  consumer: 'They can ask for work to be done, and nothing else.',
  provider: 'They can do the work of a provider, if they have enrolled.',
  admin: 'They see everything and can do everything that you can.',
};

/** An account: who it is, its status and its role. */
export function UserPanel({ id }: { id: string }) {
  const { data: consumer } = useSuspenseQuery({
    queryKey: keys.admin.user(id),
    queryFn: ({ signal }) =>
      call(client.GET('/consumers/{user_id}/profile', { params: { path: { user_id: id } }, signal })),
  });
  const [status, setStatus] = useState<Status>('active');
  const [role, setRole] = useState<Role>('consumer');
  const [asked, setAsked] = useState<Change | null>(null);
  const queries = useQueryClient();

  const change = useMutation({
    mutationFn: (to: Change) => {
      const params = { path: { user_id: id } };
      return call(
        'status' in to
          ? client.PUT('/admin/users/{user_id}/status', { params, body: to })
          : client.PUT('/admin/users/{user_id}/role', { params, body: to }),
      );
    },
    onSuccess: async () => {
      toast('Done.');
      await queries.invalidateQueries({ queryKey: keys.admin.all });
    },
  });
  const now = change.data;
  const wanted = asked === null ? null : 'status' in asked ? asked.status : asked.role;

  return (
    <Card className="grid gap-5">
      <div className="flex flex-wrap items-center gap-2" aria-live="polite">
        <h2 className="font-serif text-lg font-semibold">{consumer.name ?? 'Account without a name'}</h2>
        {now !== undefined && (
          <>
            <StateBadge state={now.status} />
            <StateBadge state={now.role} />
          </>
        )}
      </div>
      <Facts>
        <Fact name="Id">
          <span className="break-all">{id}</span>
        </Fact>
        <Fact name="E-mail">{now?.email ?? consumer.email}</Fact>
        <Fact name="Phone">{consumer.phone}</Fact>
        <Fact name="City">{consumer.city}</Fact>
        <Fact name="Made">{now !== undefined && now.created_at.slice(0, 10)}</Fact>
      </Facts>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="grid content-start gap-2">
          <Select label="New status" value={status} onChange={setStatus} options={statuses} />
          <Button look="plain" onClick={() => setAsked({ status })}>
            Change status
          </Button>
        </div>
        <div className="grid content-start gap-2">
          <Select label="New role" value={role} onChange={setRole} options={roles} />
          <Button look="plain" onClick={() => setAsked({ role })}>
            Change role
          </Button>
        </div>
      </div>
      <ConfirmDialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={wanted === null ? '' : `${consumer.name ?? 'This account'}: ${wordsOf(wanted).toLowerCase()}?`}
        description={wanted === null ? undefined : consequences[wanted]}
        confirm={asked !== null && 'role' in asked ? 'Change role' : 'Change status'}
        danger={wanted !== 'active'}
        onConfirm={async () => asked !== null && change.mutateAsync(asked)}
      />
    </Card>
  );
}
