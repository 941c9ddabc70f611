import { useId } from 'react';
import { Select } from '../ui/fields';
import { Field, useMessage } from '../ui/form';
import { formatMinutes } from '../ui/times';
import { below } from './errors-at';
import type { ErrorsAt } from './errors-at';
import { ExceptionsEditor } from './exceptions-editor';
import type { Availability } from './hours';
import { WeeklyHours } from './hours-editor';
import { NumberField } from './number-field';

interface AvailabilityFieldsProps {
  value: Availability;
  onChange: (availability: Availability) => void;
  at: ErrorsAt;
}

const notices = [0, 60, 120, 240, 720, 1_440, 2_880, 4_320, 10_080];
const buffers = [0, 10, 15, 30, 45, 60, 90, 120];

/** When somebody can be booked: hours, other dates, and the rules beside them. */
export function AvailabilityFields({ value, onChange, at }: AvailabilityFieldsProps) {
  const { pointer, error = null } = at('weekly');
  const wrong = useMessage(pointer, error);
  return (
    <>
      <section className="grid gap-1">
        <h3 className="font-serif text-lg font-semibold">Weekly hours</h3>
        <WeeklyHours
          value={value.weekly}
          onChange={(weekly) => onChange({ ...value, weekly })}
          at={below(at, 'weekly')}
        />
        {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
      </section>
      <section className="grid gap-3">
        <h3 className="font-serif text-lg font-semibold">Other dates</h3>
        <p className="text-sm text-muted">Holidays, or days with other hours. A date without hours is closed.</p>
        <ExceptionsEditor
          value={value.exceptions ?? []}
          onChange={(exceptions) => onChange({ ...value, exceptions })}
          at={below(at, 'exceptions')}
        />
      </section>
      <section className="grid gap-4 sm:grid-cols-2">
        <h3 className="font-serif text-lg font-semibold sm:col-span-2">Rules</h3>
        <MinutesSelect
          label="Booked at least this long before"
          {...at('notice_minutes')}
          value={value.notice_minutes}
          onChange={(minutes) => onChange({ ...value, notice_minutes: minutes })}
          choices={notices}
        />
        <MinutesSelect
          label="Time between two bookings"
          {...at('buffer_minutes')}
          value={value.buffer_minutes}
          onChange={(minutes) => onChange({ ...value, buffer_minutes: minutes })}
          choices={buffers}
        />
        <NumberField
          label="Most bookings a day"
          hint="Left empty, there is no limit."
          {...at('max_per_day')}
          value={value.max_per_day ?? null}
          onChange={(most) => onChange({ ...value, max_per_day: most })}
          min={1}
          max={100}
        />
        <ZoneField {...at('zone')} value={value.zone} onChange={(zone) => onChange({ ...value, zone })} />
      </section>
    </>
  );
}

interface MinutesSelectProps {
  label: string;
  pointer?: string;
  error?: string | null;
  value: number;
  onChange: (minutes: number) => void;
  choices: readonly number[];
}

/** One of some usual lengths of time, or what was chosen elsewhere. */
function MinutesSelect({ value, onChange, choices, ...field }: MinutesSelectProps) {
  const all = [...new Set([...choices, value])].sort((a, b) => a - b);
  return (
    <Select
      {...field}
      value={String(value)}
      onChange={(chosen) => onChange(Number(chosen))}
      options={all.map((minutes) => ({ value: String(minutes), label: wordsOfMinutes(minutes) }))}
    />
  );
}

function wordsOfMinutes(minutes: number): string {
  if (minutes === 0) return 'None';
  const days = minutes / 1_440;
  return days > 1 && Number.isInteger(days) ? `${days} days` : formatMinutes(minutes);
}

interface ZoneFieldProps {
  pointer?: string;
  error?: string | null;
  value: string;
  onChange: (zone: string) => void;
}

/** An IANA time zone, found by typing. */
function ZoneField({ value, onChange, ...field }: ZoneFieldProps) {
  const list = useId();
  return (
    <>
      <Field label="Time zone" hint="All these times are by its clocks." {...field}>
        {(props) => (
          <input
            {...props}
            list={list}
            required
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className="control"
          />
        )}
      </Field>
      <datalist id={list}>
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
