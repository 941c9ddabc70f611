import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { useIdempotencyKey } from '../api/idempotency';
import { keys } from '../api/keys';
import { useServiceName } from '../catalog/catalog';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ConfirmDialog } from '../ui/dialog';
import { EmptyState } from '../ui/empty-state';
import { toast } from '../ui/toast';
import { useKept } from './kept';
import { templatesQuery } from './own-provider';
import { TemplateForm } from './template-form';
import type { TemplateValues } from './template-form';

type Template = View<'TemplateView'>;

const empty: TemplateValues = { name: '', service_id: '', body: '' };

/** How the provider words offers. */
export function TemplateList({ providerId }: { providerId: string }) {
  const { data: templates } = useSuspenseQuery(templatesQuery(providerId));
  return (
    <div className="grid gap-4">
      <p className="max-w-prose text-muted">
        Suggestions and your agent’s offers are worded by these: by the one for the service, else by one for all
        services.
      </p>
      {templates.length === 0 && (
        <EmptyState icon="chat" title="No templates yet">
          Until there is one, a plain sentence is used.
        </EmptyState>
      )}
      <ul aria-label="Templates" className="grid gap-3">
        {templates.map((template) => (
          <li key={template.id}>
            <TemplateCard providerId={providerId} template={template} />
          </li>
        ))}
      </ul>
      <NewTemplate providerId={providerId} />
    </div>
  );
}

function NewTemplate({ providerId }: { providerId: string }) {
  const queries = useQueryClient();
  const key = useIdempotencyKey();
  const [values, setValues, forget] = useKept<TemplateValues | null>(`proxie.template.${providerId}`, null);
  const add = useMutation({
    mutationFn: (body: View<'TemplatePostBody'>) =>
      call(
        client.POST('/providers/{provider_id}/templates', {
          params: { path: { provider_id: providerId }, header: key(body) },
          body,
        }),
      ),
    onSuccess: async () => {
      forget();
      await queries.invalidateQueries({ queryKey: keys.providers.templates(providerId) });
    },
  });
  if (values === null) {
    return (
      <Button look="plain" icon="plus" className="justify-self-start" onClick={() => setValues(empty)}>
        New template
      </Button>
    );
  }
  return (
    <Card>
      <TemplateForm
        providerId={providerId}
        values={values}
        onChange={setValues}
        failure={add.error}
        busy={add.isPending}
        onSubmit={(body) => add.mutate(body)}
        onCancel={forget}
      />
    </Card>
  );
}

function TemplateCard({ providerId, template }: { providerId: string; template: Template }) {
  const nameOf = useServiceName();
  const [edited, setEdited] = useState<TemplateValues | null>(null);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (body: View<'TemplatePatchBody'>) =>
      call(
        client.PATCH('/providers/{provider_id}/templates/{template_id}', {
          params: { path: { provider_id: providerId, template_id: template.id } },
          body,
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: keys.providers.templates(providerId) });
      setEdited(null);
    },
  });
  if (edited !== null) {
    return (
      <Card>
        <TemplateForm
          providerId={providerId}
          values={edited}
          onChange={setEdited}
          failure={save.error}
          busy={save.isPending}
          onSubmit={(body) => save.mutate(body)}
          onCancel={() => setEdited(null)}
        />
      </Card>
    );
  }
  return (
    <Card className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-medium break-words">{template.name}</h2>
        <Badge>{template.service_id == null ? 'All services' : nameOf(template.service_id)}</Badge>
      </div>
      <p className="break-words whitespace-pre-wrap text-muted">{template.body}</p>
      <div className="flex flex-wrap gap-2">
        <Button
          look="plain"
          size="small"
          icon="edit"
          onClick={() => setEdited({ name: template.name, service_id: template.service_id ?? '', body: template.body })}
        >
          Edit<span className="sr-only"> {template.name}</span>
        </Button>
        <Remove providerId={providerId} template={template} />
      </div>
    </Card>
  );
}

function Remove({ providerId, template }: { providerId: string; template: Template }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      call(
        client.DELETE('/providers/{provider_id}/templates/{template_id}', {
          params: { path: { provider_id: providerId, template_id: template.id } },
        }),
      ),
    onSuccess: async () => {
      toast('The template is deleted.');
      await queries.invalidateQueries({ queryKey: keys.providers.templates(providerId) });
    },
  });
  return (
    <>
      <Button look="quiet" size="small" icon="trash" onClick={() => setAsked(true)}>
        Delete<span className="sr-only"> {template.name}</span>
      </Button>
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={`Delete “${template.name}”?`}
        confirm="Delete"
        danger
        onConfirm={() => remove.mutateAsync()}
      />
    </>
  );
}
