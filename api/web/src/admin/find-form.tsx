import { useState } from 'react';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';
import { Form } from '../ui/form';

interface FindFormProps {
  label: string;
  hint?: string;
  /** What was looked for last, as the address says. */
  found: string;
  onFind: (id: string) => void;
}

/** A field for an id, which is looked for when it is sent. */
export function FindForm({ label, hint, found, onFind }: FindFormProps) {
  const [id, setId] = useState(found);
  const [last, setLast] = useState(found);
  // A link brought another id into the address.
  if (found !== last) {
    setLast(found);
    setId(found);
  }
  return (
    <Form
      role="search"
      aria-label={`Find: ${label}`}
      className="grid content-start gap-2"
      onSubmit={() => onFind(id.trim())}
    >
      <TextField label={label} hint={hint} autoComplete="off" spellCheck={false} value={id} onChange={setId} />
      <Button type="submit" look="plain" size="small" className="justify-self-start">
        Find
      </Button>
    </Form>
  );
}
