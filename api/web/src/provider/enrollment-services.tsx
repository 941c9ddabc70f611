import { useState } from 'react';
import { useCatalog } from '../catalog/catalog';
import { ServiceSelect } from '../catalog/service-select';
import { Badge } from '../ui/badge';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import type { EnrollmentDraft } from './enrollment-draft';
import { below } from './errors-at';
import { ServiceFields } from './service-fields';
import type { ServiceValues } from './service-fields';

/** Which services, and how: the second step. */
export function EnrollmentServices({ draft }: { draft: EnrollmentDraft }) {
  const catalog = useCatalog().flatMap(({ services }) => services);
  const [adding, setAdding] = useState('');
  const offered = draft.fields.services ?? [];
  const isThere = offered.some(({ service_id }) => service_id === adding);
  const change = (services: ServiceValues[]) => draft.change({ services: services.length === 0 ? null : services });

  function add() {
    change([...offered, { service_id: adding }]);
    setAdding('');
  }

  return (
    <div className="grid gap-4">
      {offered.length === 0 && (
        <EmptyState icon="tag" title="No services yet">
          Pick what you do. You can add more at any time.
        </EmptyState>
      )}
      {offered.map((value, index) => {
        const service = catalog.find(({ id }) => id === value.service_id);
        return (
          <Card key={value.service_id} className="grid gap-4">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h3 className="flex flex-wrap items-center gap-2 font-medium">
                {service?.name ?? value.service_id}
                {service?.licensed === true && <Badge tone="warn">Needs a licence</Badge>}
              </h3>
              <Button
                look="quiet"
                size="small"
                icon="trash"
                onClick={() => change(offered.filter((_, of) => of !== index))}
              >
                Remove<span className="sr-only"> {service?.name}</span>
              </Button>
            </div>
            {service === undefined ? (
              <p className="text-muted">This service is not in the catalog any more. Remove it.</p>
            ) : (
              <ServiceFields
                service={service}
                value={value}
                onChange={(changes) => change(offered.map((one, of) => (of === index ? { ...one, ...changes } : one)))}
                at={below(draft.errorsAt, `services/${index}`)}
              />
            )}
          </Card>
        );
      })}
      <div className="flex items-end gap-2">
        <div className="grow">
          <ServiceSelect
            label="Add a service"
            value={adding}
            onChange={setAdding}
            error={isThere ? 'You have this one already.' : null}
          />
        </div>
        <Button icon="plus" disabled={adding === '' || isThere} onClick={add}>
          Add
        </Button>
      </div>
    </div>
  );
}
