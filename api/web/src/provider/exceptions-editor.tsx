import type { View } from '../api/client';
import { Button, IconButton } from '../ui/button';
import { TextField } from '../ui/fields';
import { formatLocalDate } from '../ui/times';
import { below } from './errors-at';
import type { ErrorsAt } from './errors-at';
import { dateProblems } from './hours';
import { DayHours } from './hours-editor';

type Exception = View<'Exception'>;

interface ExceptionsEditorProps {
  value: readonly Exception[];
  onChange: (exceptions: Exception[]) => void;
  at: ErrorsAt;
}

/** Dates with other hours than their weekday: holidays, and days on which one works longer. */
export function ExceptionsEditor({ value, onChange, at }: ExceptionsEditorProps) {
  const problems = dateProblems(value);
  const replace = (index: number, exception: Exception) =>
    onChange(value.map((one, of) => (of === index ? exception : one)));
  return (
    <div className="grid gap-3">
      {value.map((exception, index) => {
        const { pointer, error = null } = at(`${index}/date`);
        const day = exception.date === '' ? 'This date' : formatLocalDate(exception.date);
        return (
          // A date may be written twice while it is edited, so it is no key.
          <fieldset key={index} className="grid gap-2 rounded-control border border-line p-3 sm:grid-cols-[11rem_1fr]">
            <legend className="sr-only">{day}</legend>
            <TextField
              label="Date"
              hideLabel
              type="date"
              pointer={pointer}
              error={problems[index] ?? error}
              value={exception.date}
              onChange={(date) => replace(index, { ...exception, date })}
            />
            <div className="flex items-start gap-2">
              <div className="grow">
                <DayHours
                  day={day}
                  value={exception.hours ?? []}
                  onChange={(hours) => replace(index, { ...exception, hours })}
                  at={below(at, `${index}/hours`)}
                />
              </div>
              <IconButton
                name="trash"
                label={`Take out ${day}`}
                onClick={() => onChange(value.filter((_, of) => of !== index))}
              />
            </div>
          </fieldset>
        );
      })}
      <Button
        look="plain"
        size="small"
        icon="plus"
        className="justify-self-start"
        onClick={() => onChange([...value, { date: '', hours: [] }])}
      >
        Add a date
      </Button>
    </div>
  );
}
