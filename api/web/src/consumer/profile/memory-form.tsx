import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { View } from '../../api/client';
import { Button } from '../../ui/button';
import { Checkbox, TextField } from '../../ui/fields';
import { Form } from '../../ui/form';
import { MoneyField } from '../../ui/money-field';
import { toast } from '../../ui/toast';
import { phrasesOf } from '../requests/request-draft';
import { memoryNames } from './memory-words';
import type { MemoryKey } from './memory-words';

const DEFAULT_CURRENCY = 'USD';

interface MemoryFormProps {
  name: MemoryKey;
  stated: View<'Stated'>;
  onCorrect: (body: View<'MemoryBody'>) => Promise<unknown>;
  onClose: () => void;
}

/** States one thing anew. */
export function MemoryForm(props: MemoryFormProps) {
  switch (props.name) {
    case 'budget':
      return <BudgetForm {...props} />;
    case 'timing':
    case 'style':
      return <TextForm {...props} name={props.name} />;
    case 'places':
      return <PlacesForm {...props} />;
    case 'favourite_providers':
      return <FavouritesForm {...props} />;
  }
}

function BudgetForm({ stated, ...rest }: MemoryFormProps) {
  const currency = stated.budget?.currency ?? DEFAULT_CURRENCY;
  const [cents, setCents] = useState(stated.budget?.max_cents ?? null);
  return (
    <Saving {...rest} body={{ budget: cents === null ? null : { max_cents: cents, currency } }}>
      <MoneyField label="At most" pointer="/body/budget" currency={currency} value={cents} onChange={setCents} />
    </Saving>
  );
}

function TextForm({ name, stated, ...rest }: MemoryFormProps & { name: 'timing' | 'style' }) {
  const [text, setText] = useState(stated[name] ?? '');
  return (
    <Saving {...rest} body={{ [name]: text.trim() === '' ? null : text.trim() }}>
      <TextField label={memoryNames[name]} pointer={`/body/${name}`} maxLength={200} value={text} onChange={setText} />
    </Saving>
  );
}

function PlacesForm({ stated, ...rest }: MemoryFormProps) {
  const [text, setText] = useState(stated.places.join(', '));
  return (
    <Saving {...rest} body={{ places: phrasesOf(text) }}>
      <TextField
        label={memoryNames.places}
        hint="With commas between."
        pointer="/body/places"
        value={text}
        onChange={setText}
      />
    </Saving>
  );
}

function FavouritesForm({ stated, ...rest }: MemoryFormProps) {
  const all = stated.favourite_providers;
  const [kept, setKept] = useState<readonly string[]>(() => all.map(({ provider_id: id }) => id));
  return (
    <Saving {...rest} body={{ favourite_providers: [...kept] }}>
      {all.map(({ provider_id: id, name }) => (
        <Checkbox
          key={id}
          label={name}
          checked={kept.includes(id)}
          onChange={(keeps) => setKept(keeps ? [...kept, id] : kept.filter((other) => other !== id))}
        />
      ))}
    </Saving>
  );
}

interface SavingProps extends Pick<MemoryFormProps, 'onCorrect' | 'onClose'> {
  body: View<'MemoryBody'>;
  children: ReactNode;
}

function Saving({ body, onCorrect, onClose, children }: SavingProps) {
  const save = useMutation({
    mutationFn: onCorrect,
    onSuccess: () => {
      toast('Remembered.');
      onClose();
    },
  });
  return (
    <Form failure={save.error} onSubmit={() => save.mutate(body)}>
      {children}
      <div className="flex gap-2">
        <Button type="submit" size="small" busy={save.isPending}>
          Save
        </Button>
        <Button look="quiet" size="small" onClick={onClose}>
          Leave it
        </Button>
      </div>
    </Form>
  );
}
