import { useSuspenseQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { WEEKS, daysOfWeek, formatLocalSlot, keyOfSlot, slotsQuery, weekOf } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { WeekSwitch } from '../bookings/week-switch';
import { IconButton } from '../ui/button';
import { useMessage } from '../ui/form';
import { Panel } from '../ui/panel';
import { Skeleton } from '../ui/skeleton';
import { formatMinutes } from '../ui/times';
import { WeekOfSlots } from './slot-week';

interface SlotPickerProps {
  label: string;
  providerId: string;
  serviceId: string;
  /** The provider's local date. */
  today: string;
  chosen: readonly NamedSlot[];
  onChange: (slots: NamedSlot[]) => void;
  most: number;
  /** When it is wanted, by local times: these days are marked, and the first of them is shown. */
  wanted?: { from: string; to: string } | null;
  /** Where the API says that the slots are wrong; each has its own below it. */
  pointer?: string;
}

/** Picks free slots from the calendar, a week at a time. */
export function SlotPicker({
  label,
  providerId,
  serviceId,
  today,
  chosen,
  onChange,
  most,
  wanted = null,
  pointer,
}: SlotPickerProps) {
  const id = useId();
  const [week, setWeek] = useState(() => weekOf(today, chosen[0]?.date ?? wanted?.from.slice(0, 10) ?? today));
  const [focusWeek, setFocusWeek] = useState<number | null>(null);
  const wrong = useMessage(pointer);
  const days = daysOfWeek(today, week);
  const first = days[0] ?? today;

  function toggle({ date, start_time }: NamedSlot) {
    const slot = { date, start_time };
    const key = keyOfSlot(slot);
    const others = chosen.filter((one) => keyOfSlot(one) !== key);
    if (others.length < chosen.length) onChange(others);
    else if (chosen.length < most) onChange([...chosen, slot].sort((a, b) => (keyOfSlot(a) < keyOfSlot(b) ? -1 : 1)));
  }

  /** By the buttons above, which keep the focus. */
  function show(next: number) {
    setWeek(next);
    setFocusWeek(null);
  }

  /** By keyboard, from within a week: the focus goes along. */
  function turn(by: -1 | 1) {
    const next = week + by;
    if (next < 0 || next >= WEEKS) return;
    setWeek(next);
    setFocusWeek(next);
  }

  return (
    <div role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-hint`} className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span id={`${id}-label`} className="text-sm font-medium">
          {label}
        </span>
        <WeekSwitch today={today} week={week} onChange={show} />
      </div>
      <Panel skeleton={<Skeleton className="h-72 sm:h-80" />} resetKey={first}>
        <FreeSlots
          key={first}
          {...{ providerId, serviceId, days, chosen, wanted }}
          isFull={chosen.length >= most}
          takesFocus={focusWeek === week}
          isLast={week === WEEKS - 1}
          onToggle={toggle}
          onTurn={turn}
        />
      </Panel>
      <p id={`${id}-hint`} className="text-sm text-muted">
        Pick up to {most}. By keyboard: arrows move between times and days, Page Up and Page Down between weeks, Space
        picks.
      </p>
      {chosen.length > 0 && (
        <ol aria-label="Picked" className="flex flex-wrap gap-2">
          {chosen.map((slot, at) => (
            <ChosenSlot
              key={keyOfSlot(slot)}
              slot={slot}
              pointer={pointer === undefined ? undefined : `${pointer}/${at}`}
              onRemove={() => toggle(slot)}
            />
          ))}
        </ol>
      )}
      {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
    </div>
  );
}

interface FreeSlotsProps {
  providerId: string;
  serviceId: string;
  days: readonly string[];
  chosen: readonly NamedSlot[];
  wanted: { from: string; to: string } | null;
  isFull: boolean;
  takesFocus: boolean;
  isLast: boolean;
  onToggle: (slot: NamedSlot) => void;
  onTurn: (by: -1 | 1) => void;
}

function FreeSlots({ providerId, serviceId, days, wanted, ...rest }: FreeSlotsProps) {
  const { data } = useSuspenseQuery(slotsQuery(providerId, serviceId, days));
  const isWanted = (day: string) => wanted !== null && wanted.from.slice(0, 10) <= day && day <= wanted.to.slice(0, 10);
  return (
    <div className="grid gap-2">
      <WeekOfSlots days={days} slots={data.items} isWanted={isWanted} {...rest} />
      <p className="text-sm text-muted">
        Times of {data.zone.replaceAll('_', ' ')}, for a job of {formatMinutes(data.duration_minutes)}; another length
        is checked when you send it.
      </p>
    </div>
  );
}

interface ChosenSlotProps {
  slot: NamedSlot;
  pointer: string | undefined;
  onRemove: () => void;
}

function ChosenSlot({ slot, pointer, onRemove }: ChosenSlotProps) {
  const wrong = useMessage(pointer);
  const name = formatLocalSlot(slot);
  return (
    <li className="grid max-w-full gap-1 rounded-control bg-sunken py-1 pr-1 pl-3 text-sm">
      <span className="flex items-center gap-1">
        {name}
        <IconButton name="close" label={`Take out ${name}`} aria-invalid={wrong !== null} onClick={onRemove} />
      </span>
      {wrong !== null && <span className="pb-1 text-bad">{wrong}</span>}
    </li>
  );
}
