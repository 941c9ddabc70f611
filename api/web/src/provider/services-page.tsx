import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useProviderId } from '../auth/provider';
import { useCatalog } from '../catalog/catalog';
import { ServiceSelect } from '../catalog/service-select';
import { servicesQuery } from '../providers/provider';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { EmptyState } from '../ui/empty-state';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { ListSkeleton } from '../ui/skeleton';
import { useKept } from './kept';
import { OfferedService } from './offered-service';
import type { ServiceValues } from './service-fields';
import { AddServiceForm } from './service-forms';

/** What the provider offers: added, changed, taken away. */
export default function ServicesPage() {
  return (
    <Page title="Services">
      <Panel skeleton={<ListSkeleton className="h-40" />}>
        <Services />
      </Panel>
    </Page>
  );
}

function Services() {
  const providerId = useProviderId();
  const { data: services } = useSuspenseQuery(servicesQuery(providerId));
  return (
    <div className="grid gap-4">
      {services.length === 0 && (
        <EmptyState icon="tag" title="No services yet">
          Without a service nobody finds you. Add what you do.
        </EmptyState>
      )}
      <ul aria-label="Services" className="grid gap-4">
        {services.map((service) => (
          <li key={service.service_id}>
            <OfferedService providerId={providerId} offered={service} />
          </li>
        ))}
      </ul>
      <AddService providerId={providerId} offered={services.map(({ service_id }) => service_id)} />
    </div>
  );
}

function AddService({ providerId, offered }: { providerId: string; offered: readonly string[] }) {
  const catalog = useCatalog().flatMap(({ services }) => services);
  const [values, setValues, forget] = useKept<ServiceValues | null>(`proxie.service.${providerId}`, null);
  const [chosen, setChosen] = useState('');
  const isThere = offered.includes(chosen);
  const service = catalog.find(({ id }) => id === values?.service_id);
  if (values !== null && service !== undefined) {
    return <AddServiceForm {...{ providerId, service, values }} onChange={setValues} onDone={forget} />;
  }
  return (
    <Card className="flex items-end gap-2">
      <div className="grow">
        <ServiceSelect
          label="Add a service"
          value={chosen}
          onChange={setChosen}
          error={isThere ? 'You offer this one already.' : null}
        />
      </div>
      <Button
        icon="plus"
        disabled={chosen === '' || isThere}
        onClick={() => {
          setValues({ service_id: chosen });
          setChosen('');
        }}
      >
        Add
      </Button>
    </Card>
  );
}
