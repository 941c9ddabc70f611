import { useMutation, useQueryClient, useSuspenseQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { profileQuery, servicesQuery } from '../providers/provider';
import { StateBadge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { Fact, Facts } from '../ui/facts';
import { TextArea } from '../ui/fields';
import { toast } from '../ui/toast';
import { LicenceRow } from './licence-row';

/** A provider: whether it takes work, and its licences. */
export function ProviderPanel({ id }: { id: string }) {
  const [{ data: profile }, { data: services }] = useSuspenseQueries({
    queries: [profileQuery(id), servicesQuery(id)],
  });
  const licensed = services.filter((service) => service.licence !== 'not_needed');
  return (
    <Card className="grid gap-5">
      <div className="flex flex-wrap items-center gap-2" aria-live="polite">
        <h2 className="font-serif text-lg font-semibold">{profile.name}</h2>
        <StateBadge state={profile.status} />
      </div>
      <Facts>
        <Fact name="Id">
          <span className="break-all">{id}</span>
        </Fact>
        <Fact name="City">{profile.city}</Fact>
        <Fact name="E-mail">{profile.contact?.email}</Fact>
        <Fact name="Phone">{profile.contact?.phone}</Fact>
        <Fact name="Jobs done">{profile.completed_jobs}</Fact>
        <Fact name="Late cancellations">{profile.late_cancellations}</Fact>
        <Fact name="As others see it">
          <Link to={`/providers/${id}`} className="text-accent underline">
            Public page
          </Link>
        </Fact>
      </Facts>
      <ProviderStatus id={id} profile={profile} />
      <section aria-label="Licences" className="grid gap-3">
        <h3 className="font-medium">Licences</h3>
        {licensed.length === 0 ? (
          <p className="text-muted">No service that needs one.</p>
        ) : (
          <ul className="grid gap-3">
            {licensed.map((service) => (
              <li key={service.service_id}>
                <LicenceRow providerId={id} service={service} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </Card>
  );
}

function ProviderStatus({ id, profile }: { id: string; profile: View<'ProfileView'> }) {
  const [asked, setAsked] = useState(false);
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const isSuspended = profile.status === 'suspended';

  const change = useMutation({
    mutationFn: () => {
      const said = note.trim();
      return call(
        client.PUT('/admin/providers/{provider_id}/status', {
          params: { path: { provider_id: id } },
          body: { status: isSuspended ? 'active' : 'suspended', ...(said === '' ? {} : { note: said }) },
        }),
      );
    },
    onSuccess: async () => {
      setNote('');
      await queries.invalidateQueries({ queryKey: keys.providers.all });
      toast(isSuspended ? `${profile.name} takes work again.` : `${profile.name} is suspended.`);
    },
  });

  return (
    <>
      <Button look={isSuspended ? 'plain' : 'danger'} className="justify-self-start" onClick={() => setAsked(true)}>
        {isSuspended ? 'Let it go on' : 'Suspend'}
      </Button>
      <ConfirmDialog
        open={asked}
        onClose={() => setAsked(false)}
        title={isSuspended ? `Let ${profile.name} go on?` : `Suspend ${profile.name}?`}
        description={
          isSuspended
            ? 'It is found and takes work again.'
            : 'It is found and booked by nobody. What is agreed already stays.'
        }
        confirm={isSuspended ? 'Let it go on' : 'Suspend'}
        danger={!isSuspended}
        onConfirm={() => change.mutateAsync()}
      >
        <TextArea label="Why" hint="Kept with the move." maxLength={2_000} value={note} onChange={setNote} />
      </ConfirmDialog>
    </>
  );
}
