import { useState } from 'react';
import type { View } from '../api/client';
import { useCatalog } from '../catalog/catalog';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Checkbox, FieldGroup } from '../ui/fields';

interface PickServicesProps {
  /** Those that the answer shows; all of the catalog if it shows none. */
  categories: readonly View<'CategoryView'>[] | null;
  onSay: (text: string) => void;
}

/** Picks what one offers; it is said in words. */
export function PickServices({ categories, onSay }: PickServicesProps) {
  const catalog = useCatalog();
  const shown = categories ?? catalog;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const names = shown.flatMap(({ services }) => services).filter(({ id }) => chosen.includes(id));
  return (
    <Card>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSay(`I offer ${names.map(({ name }) => name).join(', ')}.`);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {shown.map((category) => (
            <FieldGroup key={category.id} legend={category.name}>
              {category.services.map((service) => (
                <Checkbox
                  key={service.id}
                  label={service.name}
                  hint={service.licensed ? 'Needs a licence' : undefined}
                  checked={chosen.includes(service.id)}
                  onChange={(isChosen) =>
                    setChosen(isChosen ? [...chosen, service.id] : chosen.filter((id) => id !== service.id))
                  }
                />
              ))}
            </FieldGroup>
          ))}
        </div>
        <Button type="submit" className="justify-self-start" disabled={names.length === 0}>
          Offer these
        </Button>
      </form>
    </Card>
  );
}
