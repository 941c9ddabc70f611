import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { useServiceName } from '../catalog/catalog';
import { servicesQuery } from '../providers/provider';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { Select, TextArea, TextField } from '../ui/fields';
import { Form } from '../ui/form';
import { Photo } from '../ui/photo';
import { orNull } from './business-fields';

interface PortfolioItemProps {
  providerId: string;
  item: View<'PortfolioItemView'>;
}

/** A picture or film that is shown, and what is said of it. */
export function PortfolioItem({ providerId, item }: PortfolioItemProps) {
  const nameOf = useServiceName();
  const [isEdited, setEdited] = useState(false);
  const title = item.title === '' ? 'A piece of your work' : item.title;
  return (
    <Card className="grid content-start gap-3">
      <Photo media={item.media} alt={title} ratio="4 / 3" />
      {isEdited ? (
        <Caption {...{ providerId, item }} onDone={() => setEdited(false)} />
      ) : (
        <>
          {item.title !== '' && <h2 className="font-medium break-words">{item.title}</h2>}
          {item.description !== '' && <p className="break-words whitespace-pre-wrap text-muted">{item.description}</p>}
          {item.service_id != null && (
            <p>
              <Badge>{nameOf(item.service_id)}</Badge>
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            <Button look="plain" size="small" icon="edit" onClick={() => setEdited(true)}>
              {item.title === '' ? 'Say what it shows' : 'Edit'}
            </Button>
            <Remove {...{ providerId, item }} />
          </div>
        </>
      )}
    </Card>
  );
}

function Caption({ providerId, item, onDone }: PortfolioItemProps & { onDone: () => void }) {
  const nameOf = useServiceName();
  const queries = useQueryClient();
  const { data: services } = useSuspenseQuery(servicesQuery(providerId));
  const [title, setTitle] = useState(item.title);
  const [description, setDescription] = useState(item.description);
  const [serviceId, setServiceId] = useState(item.service_id ?? '');
  const save = useMutation({
    mutationFn: () =>
      call(
        client.PATCH('/providers/{provider_id}/portfolio/{item_id}', {
          params: { path: { provider_id: providerId, item_id: item.id } },
          body: { title: orNull(title), description: orNull(description), service_id: orNull(serviceId) },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.providers.portfolio(providerId) });
      onDone();
    },
  });
  // What it showed may not be offered any more.
  const ids = new Set([...services.map(({ service_id }) => service_id), ...(serviceId === '' ? [] : [serviceId])]);
  return (
    <Form onSubmit={() => save.mutate()} failure={save.error}>
      <TextField label="What it shows" pointer="/body/title" value={title} onChange={setTitle} maxLength={200} />
      <TextArea
        label="More of it"
        pointer="/body/description"
        value={description}
        onChange={setDescription}
        maxLength={2_000}
      />
      <Select
        label="Service"
        pointer="/body/service_id"
        value={serviceId}
        onChange={setServiceId}
        options={[
          { value: '', label: 'None in particular' },
          ...[...ids].map((id) => ({ value: id, label: nameOf(id) })),
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="small" busy={save.isPending}>
          Save
        </Button>
        <Button look="quiet" size="small" onClick={onDone}>
          Not now
        </Button>
      </div>
    </Form>
  );
}

function Remove({ providerId, item }: PortfolioItemProps) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      call(
        client.DELETE('/providers/{provider_id}/portfolio/{item_id}', {
          params: { path: { provider_id: providerId, item_id: item.id } },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.providers.portfolio(providerId) }),
  });
  return (
    <>
      <Button look="quiet" size="small" icon="trash" onClick={() => setAsked(true)}>
        Remove<span className="sr-only"> {item.title}</span>
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title="Remove this from your portfolio?"
        description="Nobody sees it on your page any more."
        confirm="Remove"
        danger
        onConfirm={() => remove.mutateAsync()}
      />
    </>
  );
}
