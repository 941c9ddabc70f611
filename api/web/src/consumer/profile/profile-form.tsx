import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../../api/client';
import type { View } from '../../api/client';
import { keys } from '../../api/keys';
import { consumerProfileQuery } from '../../auth/consumer-profile';
import { useWho } from '../../auth/who';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { TextField } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { ownZone } from '../../ui/times';
import { toast } from '../../ui/toast';
import { useOwnLocation } from '../providers/own-location';

const texts = ['name', 'email', 'phone', 'street', 'city', 'zone'] as const;
type Texts = Record<(typeof texts)[number], string>;

/** How one is addressed and reached, and where one lives. To be put in a panel. */
export function ProfileForm() {
  const { data: profile } = useSuspenseQuery(consumerProfileQuery);
  const [said, setSaid] = useState<Texts>(() => textsOf(profile));
  const [location, setLocation] = useState(profile.location ?? null);
  const save = useSaving((saved) => {
    // A known city brings its zone along.
    setSaid(textsOf(saved));
    setLocation(saved.location ?? null);
  });
  const set = (part: Partial<Texts>) => setSaid((before) => ({ ...before, ...part }));
  const movesCity = said.city.trim() !== (profile.city ?? '');
  return (
    <Card>
      <Form failure={save.error} onSubmit={() => save.mutate({ ...bodyOf(said), location })}>
        <TextField
          label="Name"
          hint="Providers see your first name."
          pointer="/body/name"
          autoComplete="name"
          maxLength={200}
          required={profile.name != null}
          value={said.name}
          onChange={(name) => set({ name })}
        />
        <FieldsOfContact said={said} onChange={set} />
        <TextField
          label="City or neighbourhood"
          pointer="/body/city"
          autoComplete="address-level2"
          maxLength={200}
          value={said.city}
          // The zone is that of the city, until it is said again.
          onChange={(city) => set({ city, zone: '' })}
        />
        <TextField
          label="Time zone"
          hint={`That of the city, where it is known, if you leave it out. This browser has ${ownZone}.`}
          pointer="/body/zone"
          maxLength={100}
          value={said.zone}
          onChange={(zone) => set({ zone })}
        />
        <ExactPlace location={location} onChange={setLocation} isOld={movesCity && location !== null} />
        <Button type="submit" busy={save.isPending} className="justify-self-start">
          Save
        </Button>
      </Form>
    </Card>
  );
}

function textsOf(profile: View<'ConsumerView'>): Texts {
  return {
    name: profile.name ?? '',
    email: profile.email ?? '',
    phone: profile.phone ?? '',
    street: profile.street ?? '',
    city: profile.city ?? '',
    zone: profile.zone ?? '',
  };
}

/** What is said; what is not is left out, and so taken away. */
function bodyOf(said: Texts): View<'ProfileBody'> {
  const body: View<'ProfileBody'> = {};
  for (const name of texts) {
    const text = said[name].trim();
    if (text !== '') body[name] = text;
  }
  return body;
}

function useSaving(onSaved: (profile: View<'ConsumerView'>) => void) {
  const queries = useQueryClient();
  const { reload } = useWho();
  return useMutation({
    mutationFn: (body: View<'ProfileBody'>) => call(client.PUT('/consumers/me/profile', { body })),
    onSuccess: (profile) => {
      queries.setQueryData(keys.consumer.profile, profile);
      onSaved(profile);
      toast('Saved.');
      // The name is the account's.
      void reload();
    },
  });
}

function FieldsOfContact({ said, onChange }: { said: Texts; onChange: (part: Partial<Texts>) => void }) {
  return (
    <>
      <p className="text-sm text-muted">A provider sees these only once you have a booking with them.</p>
      <TextField
        label="E-mail for providers"
        hint="That of your account if you leave it out."
        pointer="/body/email"
        type="email"
        autoComplete="email"
        maxLength={254}
        value={said.email}
        onChange={(email) => onChange({ email })}
      />
      <TextField
        label="Phone"
        pointer="/body/phone"
        type="tel"
        autoComplete="tel"
        minLength={3}
        maxLength={40}
        value={said.phone}
        onChange={(phone) => onChange({ phone })}
      />
      <TextField
        label="Street and number"
        pointer="/body/street"
        autoComplete="street-address"
        maxLength={300}
        value={said.street}
        onChange={(street) => onChange({ street })}
      />
    </>
  );
}

interface ExactPlaceProps {
  location: View<'Location'> | null;
  onChange: (location: View<'Location'> | null) => void;
  /** Another city was written since. */
  isOld: boolean;
}

/** Where exactly one lives, for distances; others see it rounded only. */
function ExactPlace({ location, onChange, isOld }: ExactPlaceProps) {
  const own = useOwnLocation(onChange);
  return (
    <div className="grid gap-2">
      <p className="text-sm">
        {location === null
          ? 'Your place on the map is not known. With it, distances are better.'
          : `Your place on the map is known: ${location.latitude.toFixed(2)}, ${location.longitude.toFixed(2)}.`}
      </p>
      {isOld && <Notice tone="warn">You name another city: is this still your place on the map?</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button look="plain" size="small" icon="pin" busy={own.locating} onClick={own.locate}>
          Use where I am now
        </Button>
        {location !== null && (
          <Button look="quiet" size="small" onClick={() => onChange(null)}>
            Take it away
          </Button>
        )}
      </div>
      {own.failure !== null && (
        <Notice tone="warn" role="alert">
          {own.failure}
        </Notice>
      )}
    </div>
  );
}
