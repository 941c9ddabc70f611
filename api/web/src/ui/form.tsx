import { createContext, use, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { ApiError, detailOf } from '../api/errors';
import { Notice } from './notice';

interface FormState {
  messageAt: (pointer: string) => string | null;
  /** A field shows what is wrong at this pointer; answers how to take that back. */
  claim: (pointer: string) => () => void;
}

const FormContext = createContext<FormState | null>(null);

type FormProps = Omit<ComponentProps<'form'>, 'onSubmit'> & {
  onSubmit: () => void;
  /** What went wrong: the error of the mutation. Fields show what names their pointer, the form all the rest. */
  failure?: unknown;
};

/**
 * A form whose fields know what the API said about them. It keeps what was entered, and puts the focus on the first
 * field that is wrong.
 */
export function Form({ onSubmit, failure, children, ...rest }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [claimed, setClaimed] = useState<readonly string[]>([]);
  const errors = useMemo(() => (failure instanceof ApiError ? failure.errors : []), [failure]);

  const claim = useCallback((pointer: string) => {
    setClaimed((before) => [...before, pointer]);
    return () => setClaimed((before) => without(before, pointer));
  }, []);
  const state = useMemo<FormState>(
    () => ({ claim, messageAt: (pointer) => errors.find((error) => error.pointer === pointer)?.message ?? null }),
    [claim, errors],
  );

  useEffect(() => {
    if (failure == null) return;
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]')?.focus();
  }, [failure]);

  const elsewhere = errors.filter(({ pointer }) => !claimed.includes(pointer));
  return (
    <form
      ref={form}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      {...rest}
    >
      <FormContext value={state}>{children}</FormContext>
      {failure != null && (
        <Notice tone="bad" role="alert" tabIndex={-1}>
          {detailOf(failure)}
          {elsewhere.length > 0 && (
            <ul className="mt-1 list-disc pl-5">
              {elsewhere.map(({ pointer, message }) => (
                <li key={pointer}>{message}</li>
              ))}
            </ul>
          )}
        </Notice>
      )}
    </form>
  );
}

interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** Where the API says that it is wrong: `/body/email`. */
  pointer?: string | undefined;
  /** What is wrong with it, if the page itself knows. */
  error?: string | null | undefined;
  hideLabel?: boolean | undefined;
}

/** Label, hint and error around any control, which takes the props it is given. */
export function Field({
  label,
  hint,
  pointer,
  error = null,
  hideLabel = false,
  children,
}: FieldProps & { children: (props: ControlProps) => ReactNode }) {
  const id = useId();
  const wrong = useMessage(pointer, error);
  const described = [hint == null ? null : `${id}-hint`, wrong === null ? null : `${id}-error`].filter(
    (part) => part !== null,
  );
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
        'aria-invalid': wrong !== null,
      })}
      {hint != null && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {wrong !== null && (
        <p id={`${id}-error`} className="text-sm text-bad">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** What is wrong at a pointer of the form around: for controls that are no {@link Field}. */
export function useMessage(pointer: string | undefined, error: string | null = null): string | null {
  const form = use(FormContext);
  const claim = form?.claim;
  useEffect(() => (pointer === undefined ? undefined : claim?.(pointer)), [claim, pointer]);
  return error ?? (pointer === undefined ? null : (form?.messageAt(pointer) ?? null));
}

function without(list: readonly string[], entry: string): readonly string[] {
  const at = list.indexOf(entry);
  return at === -1 ? list : list.toSpliced(at, 1);
}
