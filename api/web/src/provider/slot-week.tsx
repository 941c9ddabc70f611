import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { formatClock, formatLocalSlot, keyOfSlot } from '../bookings/slots';
import type { NamedSlot } from '../bookings/slots';
import { Button } from '../ui/button';
import { classNames } from '../ui/class-names';
import { formatLocalDate } from '../ui/times';

interface WeekOfSlotsProps {
  days: readonly string[];
  slots: readonly NamedSlot[];
  chosen: readonly NamedSlot[];
  /** Whether it is asked for that day. */
  isWanted: (day: string) => boolean;
  /** No more can be picked. */
  isFull: boolean;
  /** What is first in it takes the focus when the week appears. */
  takesFocus: boolean;
  /** There is no week after it. */
  isLast: boolean;
  onToggle: (slot: NamedSlot) => void;
  /** To the week before or after. */
  onTurn: (by: -1 | 1) => void;
}

/** The free slots of some days, side by side where there is room. One is reached by Tab, the others by arrows. */
export function WeekOfSlots({
  days,
  slots,
  chosen,
  isWanted,
  isFull,
  takesFocus,
  isLast,
  onToggle,
  onTurn,
}: WeekOfSlotsProps) {
  const week = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const picked = new Set(chosen.map(keyOfSlot));
  const reachable = slots.find((slot) => keyOfSlot(slot) === current) ?? slots[0];
  useEffect(() => {
    if (takesFocus) week.current?.querySelector('button')?.focus();
  }, [takesFocus]);

  function go(to: NamedSlot | undefined) {
    if (to === undefined) return;
    week.current?.querySelector<HTMLElement>(`[data-slot="${keyOfSlot(to)}"]`)?.focus();
  }

  function onPageKey(event: KeyboardEvent) {
    if (event.key !== 'PageUp' && event.key !== 'PageDown') return;
    event.preventDefault();
    onTurn(event.key === 'PageUp' ? -1 : 1);
  }

  function onKeyDown(event: KeyboardEvent, slot: NamedSlot) {
    onPageKey(event);
    const target = neighbour(slots, slot, event.key);
    if (target === null) return;
    event.preventDefault();
    go(target);
  }

  if (slots.length === 0) {
    return (
      <div ref={week} className="grid h-28 place-content-center justify-items-center rounded-control bg-sunken">
        <p className="text-muted">Nothing free these days.</p>
        <Button look="quiet" size="small" onClick={() => onTurn(isLast ? -1 : 1)} onKeyDown={onPageKey}>
          {isLast ? 'Week before' : 'Week after'}
        </Button>
      </div>
    );
  }
  return (
    <div ref={week} className="grid max-h-80 gap-x-2 gap-y-3 overflow-y-auto p-1 sm:grid-cols-7">
      {days.map((day) => {
        const free = slots.filter(({ date }) => date === day);
        return (
          <div key={day} role="group" aria-label={formatLocalDate(day)} className="grid content-start gap-1.5">
            <p
              aria-hidden
              className={classNames(
                'rounded-control px-1 py-0.5 text-sm sm:text-center',
                isWanted(day) ? 'bg-accent-soft font-medium' : 'text-muted',
              )}
            >
              {formatLocalDate(day)}
              {isWanted(day) && <span className="sm:block"> asked for</span>}
            </p>
            <div className="flex flex-wrap gap-1.5 sm:grid">
              {free.map((slot) => {
                const key = keyOfSlot(slot);
                const isPicked = picked.has(key);
                return (
                  <button
                    key={key}
                    type="button"
                    data-slot={key}
                    aria-label={formatLocalSlot(slot)}
                    aria-pressed={isPicked}
                    aria-disabled={isFull && !isPicked}
                    tabIndex={slot === reachable ? 0 : -1}
                    onFocus={() => setCurrent(key)}
                    onClick={() => onToggle(slot)}
                    onKeyDown={(event) => onKeyDown(event, slot)}
                    className={classNames(
                      'min-h-9 rounded-control border px-2 text-sm whitespace-nowrap',
                      isPicked
                        ? 'border-accent bg-accent font-medium text-accent-ink'
                        : 'border-line-strong bg-surface hover:bg-sunken aria-disabled:opacity-60',
                    )}
                  >
                    {formatClock(slot.start_time)}
                  </button>
                );
              })}
              {free.length === 0 && <span className="text-sm text-muted sm:text-center">–</span>}
            </div>
          </div>
        );
      })}
    </div>
  );
}

/** Where a key leads from a slot: undefined if there is nothing there, null if the key leads nowhere. */
function neighbour(slots: readonly NamedSlot[], from: NamedSlot, key: string): NamedSlot | undefined | null {
  const at = slots.indexOf(from);
  const sameDay = slots.filter(({ date }) => date === from.date);
  switch (key) {
    case 'ArrowDown':
      return slots[at + 1];
    case 'ArrowUp':
      return slots[at - 1];
    case 'ArrowRight':
      return nearest(slots, from, slots.find(({ date }) => date > from.date)?.date);
    case 'ArrowLeft':
      return nearest(slots, from, slots.findLast(({ date }) => date < from.date)?.date);
    case 'Home':
      return sameDay[0];
    case 'End':
      return sameDay.at(-1);
    default:
      return null;
  }
}

/** Of a day the first slot that is not earlier than another one, else the last. */
function nearest(slots: readonly NamedSlot[], to: NamedSlot, day: string | undefined): NamedSlot | undefined {
  const free = slots.filter(({ date }) => date === day);
  return free.find(({ start_time }) => start_time >= to.start_time) ?? free.at(-1);
}
