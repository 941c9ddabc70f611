import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { call, client } from '../api/client';
import { keys } from '../api/keys';
import { Button } from '../ui/button';
import { Form } from '../ui/form';
import { Notice } from '../ui/notice';
import { toast } from '../ui/toast';
import { AvailabilityFields } from './availability-fields';
import { inBody } from './errors-at';
import { isSound } from './hours';
import type { Availability } from './hours';
import { useKept } from './kept';
import { availabilityQuery } from './own-provider';

/** Hours, other dates and rules, saved as one. What is changed is kept until it is saved. */
export function AvailabilityForm({ providerId }: { providerId: string }) {
  const queries = useQueryClient();
  const { data: saved } = useSuspenseQuery(availabilityQuery(providerId));
  const [changed, setChanged, forget] = useKept<Availability | null>(`proxie.availability.${providerId}`, null);
  const value = changed ?? saved;
  const save = useMutation({
    mutationFn: () =>
      call(
        client.PUT('/providers/{provider_id}/availability', {
          params: { path: { provider_id: providerId } },
          body: value,
        }),
      ),
    onSuccess: async (stored) => {
      queries.setQueryData(keys.providers.availability(providerId), stored);
      forget();
      toast('Your hours are saved.');
      await queries.invalidateQueries({ queryKey: keys.providers.one(providerId) });
    },
  });
  const sound = isSound(value);
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error}>
      <AvailabilityFields value={value} onChange={setChanged} at={inBody} />
      <Notice>What is booked stays booked, whatever the hours.</Notice>
      <div className="sticky bottom-(--bar) -mx-4 flex flex-wrap items-center gap-3 border-t border-line bg-ground px-4 py-3">
        <Button type="submit" busy={save.isPending} disabled={changed === null || !sound}>
          Save
        </Button>
        {changed !== null && (
          <Button look="quiet" onClick={forget}>
            Undo changes
          </Button>
        )}
        <p role="status" className="text-sm text-muted">
          {changed === null ? 'Everything is saved.' : sound ? 'Not saved yet.' : 'Some hours are not right yet.'}
        </p>
      </div>
    </Form>
  );
}
