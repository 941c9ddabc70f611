import { useMutation, useQueryClient, useSuspenseQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { detailOf } from '../api/errors';
import { keys } from '../api/keys';
import { profileQuery } from '../providers/provider';
import { StateBadge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Checkbox } from '../ui/fields';
import { Form } from '../ui/form';
import { MoneyField } from '../ui/money-field';
import { Notice } from '../ui/notice';
import { toast } from '../ui/toast';
import { NumberField } from './number-field';
import { settingsQuery } from './own-provider';

/** How the provider's agent works, and whether it takes work at all. */
export function SettingsForm({ providerId }: { providerId: string }) {
  const queries = useQueryClient();
  const [{ data: saved }, { data: profile }] = useSuspenseQueries({
    queries: [settingsQuery(providerId), profileQuery(providerId)],
  });
  const [changed, setChanged] = useState<Partial<View<'ProviderSettingsBody'>>>({});
  const values = { ...saved, ...changed };
  const save = useMutation({
    mutationFn: () =>
      call(
        client.PUT('/providers/{provider_id}/settings', {
          params: { path: { provider_id: providerId } },
          body: values,
        }),
      ),
    onSuccess: async (stored) => {
      queries.setQueryData(keys.providers.settings(providerId), stored);
      setChanged({});
      toast('Your settings are saved.');
      await queries.invalidateQueries({ queryKey: keys.providers.one(providerId) });
    },
  });
  return (
    <div className="grid gap-5">
      <Status profile={profile} />
      <Form onSubmit={() => save.mutate()} failure={save.error}>
        <Checkbox
          label="Answer leads for me"
          hint="Your agent makes offers by your prices, hours and templates, without asking you first."
          pointer="/body/auto_offer"
          checked={values.auto_offer}
          onChange={(isOn) => setChanged({ ...changed, auto_offer: isOn })}
        />
        <MoneyField
          label="Least price"
          hint="No offer is made for less. Left empty, there is none."
          pointer="/body/min_price_cents"
          value={values.min_price_cents ?? null}
          onChange={(minor) => setChanged({ ...changed, min_price_cents: minor })}
          currency={profile.currency ?? 'USD'}
        />
        <NumberField
          label="How far you travel, in kilometres"
          hint="For work at the customer’s place."
          pointer="/body/radius_km"
          value={Number.isNaN(values.radius_km) ? null : values.radius_km}
          onChange={(km) => setChanged({ ...changed, radius_km: km ?? Number.NaN })}
          min={0}
          max={1_000}
          step="any"
          required
        />
        <Button
          type="submit"
          className="justify-self-start"
          busy={save.isPending}
          disabled={Object.keys(changed).length === 0}
        >
          Save
        </Button>
      </Form>
    </div>
  );
}

/** Active, or paused by the owner. */
function Status({ profile }: { profile: View<'ProfileView'> }) {
  const queries = useQueryClient();
  const move = useMutation({
    mutationFn: (status: View<'OwnProviderStatus'>) =>
      call(
        client.PUT('/providers/{provider_id}/status', {
          params: { path: { provider_id: profile.id } },
          body: { status },
        }),
      ),
    onSuccess: async (changed) => {
      queries.setQueryData(keys.providers.profile(profile.id), changed);
      await queries.invalidateQueries({ queryKey: keys.providers.all });
    },
  });
  const isPaused = profile.status === 'paused';
  return (
    <Card className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="grid gap-1">
          <p className="flex items-center gap-2 font-medium">
            You are <StateBadge state={profile.status} />
          </p>
          <p className="text-sm text-muted">{statusHints[profile.status]}</p>
        </div>
        {profile.status !== 'suspended' && (
          <Button look="plain" busy={move.isPending} onClick={() => move.mutate(isPaused ? 'active' : 'paused')}>
            {isPaused ? 'Take work again' : 'Pause'}
          </Button>
        )}
      </div>
      {move.isError && (
        <Notice tone="bad" role="alert">
          {detailOf(move.error)}
        </Notice>
      )}
    </Card>
  );
}

const statusHints: Record<View<'ProviderStatus'>, string> = {
  active: 'You are found and matched. Pause when you take no new work; what is booked stays.',
  paused: 'Nobody finds you, and no new leads come. What is booked stays booked.',
  suspended: 'An administrator has stopped this business. Write to support.',
};
