import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';
import { Field, useMessage } from './form';
import type { FieldProps } from './form';

/** What of a control's props a field decides itself. */
type Own = 'value' | 'onChange' | 'children' | 'id' | 'aria-describedby' | 'aria-invalid';

type TextFieldProps = FieldProps & { value: string; onChange: (value: string) => void } & Omit<
    ComponentProps<'input'>,
    Own
  >;

/** One line: text, and by `type` e-mail, password, number, date, time … */
export function TextField({
  label,
  hint,
  pointer,
  error,
  hideLabel,
  value,
  onChange,
  className,
  ...rest
}: TextFieldProps) {
  return (
    <Field {...{ label, hint, pointer, error, hideLabel }}>
      {(props) => (
        <input
          {...rest}
          {...props}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={classNames('control', className)}
        />
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps & { value: string; onChange: (value: string) => void } & Omit<
    ComponentProps<'textarea'>,
    Own
  >;

/** Several lines; grows with what is written. */
export function TextArea({
  label,
  hint,
  pointer,
  error,
  hideLabel,
  value,
  onChange,
  className,
  rows = 3,
  ...rest
}: TextAreaProps) {
  return (
    <Field {...{ label, hint, pointer, error, hideLabel }}>
      {(props) => (
        <textarea
          {...rest}
          {...props}
          rows={rows}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={classNames('control field-sizing-content', className)}
        />
      )}
    </Field>
  );
}

type SelectProps<Value extends string> = FieldProps & {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; disabled?: boolean }[];
} & Omit<ComponentProps<'select'>, Own>;

/** One of few; the platform's own list, which phones and keyboards know. */
export function Select<Value extends string>({
  label,
  hint,
  pointer,
  error,
  hideLabel,
  value,
  onChange,
  options,
  className,
  ...rest
}: SelectProps<Value>) {
  return (
    <Field {...{ label, hint, pointer, error, hideLabel }}>
      {(props) => (
        <select
          {...rest}
          {...props}
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
          className={classNames('control', className)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

type CheckboxProps = {
  label: ReactNode;
  hint?: ReactNode;
  pointer?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
} & Omit<ComponentProps<'input'>, Own | 'type' | 'checked'>;

export function Checkbox({ label, hint, pointer, checked, onChange, className, ...rest }: CheckboxProps) {
  const id = useId();
  const wrong = useMessage(pointer);
  const said = wrong ?? hint;
  return (
    <div className={classNames('grid grid-cols-[auto_1fr] gap-x-3', className)}>
      <input
        {...rest}
        type="checkbox"
        id={id}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        aria-invalid={wrong !== null}
        aria-describedby={said == null ? undefined : `${id}-said`}
        className="mt-0.5 size-5 accent-accent"
      />
      <label htmlFor={id}>{label}</label>
      {said != null && (
        <p id={`${id}-said`} className={classNames('col-start-2 text-sm', wrong === null ? 'text-muted' : 'text-bad')}>
          {said}
        </p>
      )}
    </div>
  );
}

/** Radio buttons or check boxes that belong together. */
export function FieldGroup({ legend, children }: { legend: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {children}
    </fieldset>
  );
}
