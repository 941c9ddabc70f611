import { classNames } from '../ui/class-names';
import { isSameSlot } from './slots';
import type { NamedSlot } from './slots';

interface SlotRadioProps {
  /** Of all that are chosen among. */
  name: string;
  slot: NamedSlot;
  /** What it says: a time, or date and time. */
  label: string;
  /** Why it cannot be chosen, or until when. */
  note?: string | undefined;
  disabled?: boolean;
  /** Not where a slot can also be named in another way. */
  required?: boolean;
  chosen: NamedSlot | null;
  onChoose: (slot: NamedSlot) => void;
}

/** One slot of several of which one is chosen. */
export function SlotRadio({
  name,
  slot,
  label,
  note,
  disabled = false,
  required = true,
  chosen,
  onChoose,
}: SlotRadioProps) {
  return (
    <label
      className={classNames(
        'inline-flex min-h-11 items-center gap-2 rounded-control border px-3 py-1.5',
        isSameSlot(slot, chosen) ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
        disabled ? 'opacity-60' : 'cursor-pointer hover:bg-sunken',
      )}
    >
      <input
        type="radio"
        required={required}
        name={name}
        disabled={disabled}
        checked={isSameSlot(slot, chosen)}
        onChange={() => onChoose({ date: slot.date, start_time: slot.start_time })}
        className="size-4 accent-accent"
      />
      <span className={classNames(disabled && 'line-through')}>{label}</span>
      {note !== undefined && <span className="text-sm text-muted">{note}</span>}
    </label>
  );
}
