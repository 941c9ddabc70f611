import { useState } from 'react';
import type { View } from '../../api/client';
import { useCatalog } from '../../catalog/catalog';
import { ServiceSelect } from '../../catalog/service-select';
import { Button } from '../../ui/button';
import { Checkbox, Select, TextField } from '../../ui/fields';
import { Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { useOwnLocation } from './own-location';
import type { ProviderSearch } from './provider-search';

interface SearchFormProps {
  search: ProviderSearch;
  onSearch: (search: ProviderSearch) => void;
}

/** What is picked searches at once, what is typed when it is sent. Suspends until the catalog is there. */
export function SearchForm({ search, onSearch }: SearchFormProps) {
  const [draft, setDraft] = useDraft(search);
  const pick = (part: Partial<ProviderSearch>) => {
    setDraft({ ...draft, ...part });
    onSearch({ ...draft, ...part });
  };
  return (
    <Form role="search" aria-label="Providers" onSubmit={() => onSearch(draft)}>
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
        <TextField
          label="Words"
          type="search"
          placeholder="curly hair, wedding …"
          maxLength={200}
          value={draft.q}
          onChange={(q) => setDraft({ ...draft, q })}
        />
        <Category value={draft.category_id} onChange={(category_id) => pick({ category_id, service_id: '' })} />
        <ServiceSelect
          label="Service"
          none="Any service"
          categoryId={draft.category_id === '' ? undefined : draft.category_id}
          value={draft.service_id}
          onChange={(service_id) => pick({ service_id })}
        />
        <Where draft={draft} onType={(city) => setDraft({ ...draft, city })} onPick={pick} />
        <Select
          label="Rated at least"
          value={draft.min_rating}
          onChange={(min_rating) => pick({ min_rating })}
          options={[
            { value: '', label: 'Any' },
            ...['3', '4', '4.5'].map((value) => ({ value, label: `${value} stars` })),
          ]}
        />
        <Select
          label="Order"
          value={draft.sort}
          onChange={(sort) => pick({ sort })}
          options={[
            { value: 'rating', label: 'Best rated first' },
            { value: 'distance', label: 'Nearest first', disabled: draft.around === null },
            { value: 'price', label: 'Lowest price first' },
            { value: 'newest', label: 'Newest first' },
          ]}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Checkbox
          label="Only with a licence that was checked"
          checked={draft.verified}
          onChange={(verified) => pick({ verified })}
        />
        <Button type="submit" icon="search">
          Search
        </Button>
      </div>
    </Form>
  );
}

/** What is being filled in; begins anew when the address says something else. */
function useDraft(search: ProviderSearch) {
  const [draft, setDraft] = useState(search);
  const [begun, setBegun] = useState(search);
  if (JSON.stringify(begun) !== JSON.stringify(search)) {
    setBegun(search);
    setDraft(search);
  }
  return [draft, setDraft] as const;
}

function Category({ value, onChange }: { value: string; onChange: (categoryId: string) => void }) {
  const categories = useCatalog().map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      label="Category"
      value={value}
      onChange={onChange}
      options={[{ value: '', label: 'Any category' }, ...categories]}
    />
  );
}

interface WhereProps {
  draft: ProviderSearch;
  onType: (city: string) => void;
  onPick: (part: Partial<ProviderSearch>) => void;
}

/** A city, or around where somebody is. */
function Where({ draft, onType, onPick }: WhereProps) {
  const own = useOwnLocation((spot) => onPick({ around: about(spot), city: '', sort: 'distance' }));
  if (draft.around !== null) {
    return (
      <div className="grid gap-2">
        <Select
          label="Around where you are, within"
          value={draft.radius_km}
          onChange={(radius_km) => onPick({ radius_km })}
          options={radii(draft.radius_km).map((value) => ({ value, label: `${value} km` }))}
        />
        <Button look="quiet" size="small" onClick={() => onPick({ around: null, sort: 'rating' })}>
          Name a city instead
        </Button>
      </div>
    );
  }
  return (
    <div className="grid gap-2">
      <TextField label="City" autoComplete="address-level2" maxLength={200} value={draft.city} onChange={onType} />
      <Button look="quiet" size="small" icon="pin" busy={own.locating} onClick={own.locate}>
        Around where I am
      </Button>
      {own.failure !== null && (
        <Notice tone="warn" role="alert">
          {own.failure}
        </Notice>
      )}
    </div>
  );
}

/** To about a kilometre: the address of the page keeps it, and people pass that on. */
function about({ latitude, longitude }: View<'Location'>): { lat: number; lng: number } {
  return { lat: Number(latitude.toFixed(2)), lng: Number(longitude.toFixed(2)) };
}

function radii(chosen: string): string[] {
  const usual = ['5', '10', '25', '50', '100'];
  return usual.includes(chosen) ? usual : [chosen, ...usual];
}
