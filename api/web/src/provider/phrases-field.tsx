import { useId, useState } from 'react';
import { Button } from '../ui/button';
import { Field } from '../ui/form';
import type { FieldProps } from '../ui/form';
import { Icon } from '../ui/icons';

type PhrasesFieldProps = FieldProps & {
  value: readonly string[];
  onChange: (phrases: string[]) => void;
  suggestions?: readonly string[];
  most?: number;
  maxLength: number;
};

/** Several phrases, each added by Enter or a comma, and taken out by its button. */
export function PhrasesField({ value, onChange, suggestions = [], most = 20, maxLength, ...field }: PhrasesFieldProps) {
  const [text, setText] = useState('');
  const list = useId();
  const isFull = value.length >= most;

  function add() {
    const phrases = text.split(',').map((phrase) => phrase.trim());
    const fresh = phrases.filter((phrase, at) => phrase !== '' && phrases.indexOf(phrase) === at);
    const known = fresh.filter((phrase) => !value.includes(phrase));
    if (known.length > 0) onChange([...value, ...known].slice(0, most));
    setText('');
  }

  return (
    <div className="grid gap-2">
      <Field {...field}>
        {(props) => (
          <div className="flex gap-2">
            <input
              {...props}
              value={text}
              maxLength={maxLength}
              disabled={isFull}
              list={suggestions.length > 0 ? list : undefined}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ',') return;
                event.preventDefault();
                add();
              }}
              onBlur={add}
              className="control"
            />
            <Button look="plain" onClick={add} disabled={text.trim() === ''}>
              Add
            </Button>
          </div>
        )}
      </Field>
      {suggestions.length > 0 && (
        <datalist id={list}>
          {suggestions
            .filter((phrase) => !value.includes(phrase))
            .map((phrase) => (
              <option key={phrase} value={phrase} />
            ))}
        </datalist>
      )}
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {value.map((phrase) => (
            <li key={phrase}>
              <button
                type="button"
                aria-label={`Take out ${phrase}`}
                onClick={() => onChange(value.filter((one) => one !== phrase))}
                className="inline-flex min-h-9 items-center gap-1.5 rounded-full bg-sunken px-3 text-sm hover:bg-line"
              >
                {phrase}
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
