import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { profileQuery } from '../providers/provider';
import { Button } from '../ui/button';
import { Form } from '../ui/form';
import { toast } from '../ui/toast';
import { BusinessFields, orNull } from './business-fields';
import type { BusinessValues } from './business-fields';
import { inBody } from './errors-at';
import { useKept } from './kept';

/** What the business says of itself. What is changed is kept until it is saved. */
export function BusinessForm({ providerId }: { providerId: string }) {
  const queries = useQueryClient();
  const { data: profile } = useSuspenseQuery(profileQuery(providerId));
  const [changed, setChanged, forget] = useKept<Partial<BusinessValues>>(`proxie.business.${providerId}`, {});
  const isChanged = Object.keys(changed).length > 0;
  const save = useMutation({
    mutationFn: () =>
      call(
        client.PATCH('/providers/{provider_id}/profile', {
          params: { path: { provider_id: providerId } },
          body: bodyOf(changed),
        }),
      ),
    onSuccess: async (saved) => {
      queries.setQueryData(keys.providers.profile(providerId), saved);
      forget();
      toast('Your profile is saved.');
      await queries.invalidateQueries({ queryKey: keys.providers.all });
    },
  });
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error}>
      <BusinessFields
        value={{ ...valuesOf(profile), ...changed }}
        onChange={(changes) => setChanged({ ...changed, ...changes })}
        at={inBody}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={save.isPending} disabled={!isChanged}>
          Save
        </Button>
        {isChanged && (
          <Button look="quiet" onClick={forget}>
            Undo changes
          </Button>
        )}
      </div>
    </Form>
  );
}

function valuesOf(profile: View<'ProfileView'>): BusinessValues {
  return {
    name: profile.name,
    headline: orNull(profile.headline),
    bio: orNull(profile.bio),
    city: profile.city,
    languages: profile.languages,
    years_experience: profile.years_experience ?? null,
    phone: profile.contact?.phone ?? null,
    email: profile.contact?.email ?? null,
    street: profile.contact?.street ?? null,
  };
}

/** Name and city cannot be taken away; emptied, they are sent so, and the API says what is wrong. */
function bodyOf({ name, city, ...others }: Partial<BusinessValues>): View<'ProviderPatchBody'> {
  return {
    ...others,
    ...(name === undefined ? {} : { name: name ?? '' }),
    ...(city === undefined ? {} : { city: city ?? '' }),
  };
}
