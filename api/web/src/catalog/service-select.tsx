import { Field } from '../ui/form';
import type { FieldProps } from '../ui/form';
import { useCatalog } from './catalog';

type ServiceSelectProps = FieldProps & {
  /** A slug; empty while none is chosen. */
  value: string;
  onChange: (serviceId: string) => void;
  /** What no choice is called; it can be chosen again unless it is required. */
  none?: string;
  /** Only services of this category. */
  categoryId?: string | undefined;
  required?: boolean;
};

/** Picks a service of the catalog, by category. Suspends until the catalog is there. */
export function ServiceSelect({
  value,
  onChange,
  none = 'Choose a service',
  categoryId,
  required = false,
  ...field
}: ServiceSelectProps) {
  const categories = useCatalog().filter(({ id }) => categoryId === undefined || id === categoryId);
  return (
    <Field {...field}>
      {(props) => (
        <select
          {...props}
          required={required}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="control"
        >
          <option value="">{none}</option>
          {categories.map((category) => (
            <optgroup key={category.id} label={category.name}>
              {category.services.map((service) => (
                <option key={service.id} value={service.id}>
                  {service.name}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
