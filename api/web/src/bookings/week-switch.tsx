import { IconButton } from '../ui/button';
import { formatLocalDate } from '../ui/times';
import { WEEKS, daysOfWeek } from './slots';

interface WeekSwitchProps {
  /** The provider's local date. */
  today: string;
  /** Which week from `today` on is shown. */
  week: number;
  onChange: (week: number) => void;
}

/** Says which days are shown, and goes to the week before or after. */
export function WeekSwitch({ today, week, onChange }: WeekSwitchProps) {
  const days = daysOfWeek(today, week);
  const [first = today, last = today] = [days[0], days.at(-1)];
  return (
    <div className="flex items-center gap-1">
      <IconButton name="left" label="Week before" disabled={week === 0} onClick={() => onChange(week - 1)} />
      <p aria-live="polite" className="min-w-40 flex-1 text-center text-sm font-medium">
        {formatLocalDate(first)} – {formatLocalDate(last)}
      </p>
      <IconButton name="right" label="Week after" disabled={week === WEEKS - 1} onClick={() => onChange(week + 1)} />
    </div>
  );
}
