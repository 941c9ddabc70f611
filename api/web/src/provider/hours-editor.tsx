import { weekdays } from '../providers/availability';
import { wordsOf } from '../ui/badge';
import { Button, IconButton } from '../ui/button';
import { TextField } from '../ui/fields';
import { below } from './errors-at';
import type { ErrorsAt } from './errors-at';
import { MOST_HOURS, furtherHours, problemsOf } from './hours';
import type { Availability, Hours } from './hours';

interface WeeklyHoursProps {
  value: Availability['weekly'];
  onChange: (weekly: Availability['weekly']) => void;
  at: ErrorsAt;
}

/** The usual hours of each weekday. */
export function WeeklyHours({ value, onChange, at }: WeeklyHoursProps) {
  return (
    <div className="grid divide-y divide-line">
      {weekdays.map((day) => {
        const hours = value[day] ?? [];
        const rest = weekdays.filter((other) => other !== day);
        return (
          <fieldset key={day} className="grid gap-2 py-3 sm:grid-cols-[8rem_1fr] sm:items-start">
            <legend className="float-left font-medium sm:pt-2.5">{wordsOf(day)}</legend>
            <div className="grid gap-2">
              <DayHours
                day={wordsOf(day)}
                value={hours}
                onChange={(changed) => onChange({ ...value, [day]: changed })}
                at={below(at, day)}
              />
              {hours.length > 0 && rest.some((other) => !isSame(hours, value[other] ?? [])) && (
                <Button
                  look="quiet"
                  size="small"
                  className="justify-self-start"
                  onClick={() => onChange(Object.fromEntries(weekdays.map((each) => [each, hours])))}
                >
                  Copy {wordsOf(day)} to every day
                </Button>
              )}
            </div>
          </fieldset>
        );
      })}
    </div>
  );
}

interface DayHoursProps {
  /** Which day, for who does not see where it stands. */
  day: string;
  value: readonly Hours[];
  onChange: (hours: Hours[]) => void;
  at: ErrorsAt;
}

/** The hours of one day, as many stretches as it has; closed without any. */
export function DayHours({ day, value, onChange, at }: DayHoursProps) {
  const problems = problemsOf(value);
  const replace = (index: number, hours: Hours) => onChange(value.map((one, of) => (of === index ? hours : one)));
  return (
    <div className="grid gap-2">
      {value.map((hours, index) => {
        const nth = value.length > 1 ? ` ${index + 1}` : '';
        return (
          // The stretches of a day have nothing but their place.
          <div key={index} className="flex items-start gap-2">
            <div className="grid grow grid-cols-2 gap-2">
              <TextField
                label={`${day}${nth}, from`}
                hideLabel
                type="time"
                value={hours.start}
                onChange={(start) => replace(index, { ...hours, start })}
                {...wrong(at(`${index}/start`), problems[index]?.start)}
              />
              <TextField
                label={`${day}${nth}, to`}
                hideLabel
                type="time"
                value={hours.end}
                onChange={(end) => replace(index, { ...hours, end })}
                {...wrong(at(`${index}/end`), problems[index]?.end)}
              />
            </div>
            <IconButton
              name="close"
              label={`Take out ${day}${nth}`}
              onClick={() => onChange(value.filter((_, of) => of !== index))}
            />
          </div>
        );
      })}
      <div className="flex min-h-9 flex-wrap items-center gap-2">
        {value.length === 0 && <span className="text-muted">Closed</span>}
        {value.length < MOST_HOURS && (
          <Button look="quiet" size="small" icon="plus" onClick={() => onChange([...value, furtherHours(value)])}>
            Add hours<span className="sr-only"> on {day}</span>
          </Button>
        )}
      </div>
    </div>
  );
}

/** What this page knows to be wrong comes before what the API said last. */
function wrong(said: ReturnType<ErrorsAt>, problem: string | null | undefined): ReturnType<ErrorsAt> {
  return { ...said, error: problem ?? said.error ?? null };
}

function isSame(one: readonly Hours[], other: readonly Hours[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
