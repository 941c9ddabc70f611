import { useState } from 'react';
import type { ComponentProps } from 'react';
import { Field } from './form';
import type { FieldProps } from './form';
import { editMoney, readMoney } from './money';

type MoneyFieldProps = FieldProps & {
  /** In minor units; null while there is none. */
  value: number | null;
  onChange: (minor: number | null) => void;
  currency: string;
} & Pick<ComponentProps<'input'>, 'required' | 'disabled' | 'placeholder' | 'name'>;

/** An amount of money, written as people do and kept in minor units. */
export function MoneyField({
  label,
  hint,
  pointer,
  error,
  hideLabel,
  value,
  onChange,
  currency,
  ...rest
}: MoneyFieldProps) {
  const [text, setText] = useState(() => editMoney(value, currency));
  const read = readMoney(text, currency);
  // What is not an amount stays as it was written; an amount that came from outside replaces what is written.
  const shown = read.problem !== null || read.minor === value ? text : editMoney(value, currency);
  return (
    <Field {...{ label, hint, pointer, hideLabel, error: read.problem ?? error }}>
      {(props) => (
        <div className="relative">
          <input
            {...rest}
            {...props}
            ref={(input) => input?.setCustomValidity(read.problem ?? '')}
            inputMode="decimal"
            autoComplete="off"
            value={shown}
            onChange={(event) => {
              setText(event.target.value);
              onChange(readMoney(event.target.value, currency).minor);
            }}
            className="control pr-14"
          />
          <span
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-3 grid place-items-center text-sm text-muted"
          >
            {currency}
          </span>
        </div>
      )}
    </Field>
  );
}
