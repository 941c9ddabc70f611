import { useId } from 'react';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import { useMessage } from '../../ui/form';
import { Icon } from '../../ui/icons';

interface StarFieldProps {
  legend: string;
  pointer: string;
  value: number | null;
  onChange: (rating: number | null) => void;
  required?: boolean;
}

const stars = [1, 2, 3, 4, 5];

/** One to five stars; arrow keys go from one to the next. What need not be said can be taken back. */
export function StarField({ legend, pointer, value, onChange, required = false }: StarFieldProps) {
  const name = useId();
  const wrong = useMessage(pointer);
  return (
    <fieldset className="min-w-0" aria-describedby={wrong === null ? undefined : `${name}-wrong`}>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className="flex items-center gap-2">
        <div className="flex rounded-control focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent">
          {stars.map((star) => (
            <label
              key={star}
              className={classNames(
                'grid size-10 cursor-pointer place-items-center',
                value !== null && star <= value ? 'text-warn' : 'text-muted',
              )}
            >
              <input
                type="radio"
                name={name}
                required={required}
                checked={star === value}
                aria-label={star === 1 ? '1 star' : `${star} stars`}
                onChange={() => onChange(star)}
                className="sr-only"
              />
              <Icon name="star" size={26} filled={value !== null && star <= value} />
            </label>
          ))}
        </div>
        {!required && value !== null && (
          <Button look="quiet" size="small" onClick={() => onChange(null)}>
            Do not say
          </Button>
        )}
      </div>
      {wrong !== null && (
        <p id={`${name}-wrong`} className="text-sm text-bad">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
