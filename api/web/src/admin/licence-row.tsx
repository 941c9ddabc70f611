import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { useServiceName } from '../catalog/catalog';
import { StateBadge } from '../ui/badge';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Fact, Facts } from '../ui/facts';
import { TextArea, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { formatLocalDate } from '../ui/times';
import { toast } from '../ui/toast';

interface LicenceRowProps {
  providerId: string;
  service: View<'ProviderServiceView'>;
}

/** A licence of a provider for one service, which can be decided again at any time. */
export function LicenceRow({ providerId, service }: LicenceRowProps) {
  const details = service.licence_details;
  const [asked, setAsked] = useState<'approve' | 'refuse' | null>(null);
  const [number, setNumber] = useState(details?.number ?? '');
  const [lastDay, setLastDay] = useState(details?.expires_on ?? '');
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const name = useServiceName()(service.service_id);

  const decide = useMutation({
    mutationFn: (body: View<'VerifyBody'>) =>
      call(
        client.PUT('/admin/providers/{provider_id}/services/{service_id}/verify', {
          params: { path: { provider_id: providerId, service_id: service.service_id } },
          body,
        }),
      ),
    onSuccess: async ({ licence }) => {
      setAsked(null);
      setNote('');
      toast(licence === 'verified' ? `${name}: the licence is in order.` : `${name}: the licence is refused.`);
      await queries.invalidateQueries({ queryKey: keys.providers.all });
    },
  });

  function open(what: 'approve' | 'refuse') {
    decide.reset();
    setAsked(what);
  }

  function submit() {
    const said = note.trim() === '' ? {} : { note: note.trim() };
    // What is left empty is as the provider said it.
    const seen = {
      ...(number.trim() === '' ? {} : { licence_number: number.trim() }),
      ...(lastDay === '' ? {} : { licence_expires_on: lastDay }),
    };
    decide.mutate(asked === 'approve' ? { approved: true, ...seen, ...said } : { approved: false, ...said });
  }

  return (
    <div className="grid gap-2 rounded-control bg-sunken p-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-medium">{name}</span>
        <StateBadge state={service.licence} />
      </div>
      <Facts>
        <Fact name="Number">{details?.number ?? 'None'}</Fact>
        <Fact name="Good until">{details?.expires_on == null ? 'Not said' : formatLocalDate(details.expires_on)}</Fact>
        <Fact name="Said of it">{details?.note}</Fact>
      </Facts>
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          icon="check"
          aria-label={`Approve the licence for ${name}`}
          onClick={() => open('approve')}
        >
          Approve
        </Button>
        <Button size="small" look="danger" aria-label={`Refuse the licence for ${name}`} onClick={() => open('refuse')}>
          Refuse
        </Button>
      </div>
      <Dialog
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={asked === 'approve' ? `${name}: licence in order?` : `${name}: refuse the licence?`}
        description="The provider is told how you decided, and reads your note."
      >
        <Form failure={decide.error} onSubmit={submit}>
          {asked === 'approve' && (
            <>
              <TextField
                label="Licence number"
                pointer="/body/licence_number"
                required
                maxLength={100}
                value={number}
                onChange={setNumber}
              />
              <TextField
                label="Last day"
                pointer="/body/licence_expires_on"
                type="date"
                required
                value={lastDay}
                onChange={setLastDay}
              />
            </>
          )}
          <TextArea
            label="Note"
            pointer="/body/note"
            required={asked === 'refuse'}
            maxLength={1_000}
            value={note}
            onChange={setNote}
          />
          <Button
            type="submit"
            look={asked === 'approve' ? 'primary' : 'danger'}
            className="justify-self-end"
            busy={decide.isPending}
          >
            {asked === 'approve' ? 'Approve' : 'Refuse'}
          </Button>
        </Form>
      </Dialog>
    </div>
  );
}
