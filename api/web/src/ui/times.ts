/** The zone of this browser. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function format(at: string | Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone, ...options }).format(new Date(at));
}

/** `Sat, Nov 29` and the year if it is another one. */
export function formatDate(at: string | Date, zone = ownZone): string {
  const year = (date: string | Date) => format(date, zone, { year: 'numeric' });
  const other = year(at) === year(new Date()) ? {} : { year: 'numeric' as const };
  return format(at, zone, { weekday: 'short', month: 'short', day: 'numeric', ...other });
}

/** `2:30 PM` */
export function formatTime(at: string | Date, zone = ownZone): string {
  return format(at, zone, { hour: 'numeric', minute: '2-digit' });
}

/** `Sat, Nov 29, 2:30 PM`; where the zone is not this browser's, with its name. */
export function formatDateTime(at: string | Date, zone = ownZone): string {
  return `${formatDate(at, zone)}, ${formatTime(at, zone)}${zoneNote(at, zone)}`;
}

/** A slot, or any time from one moment to another: `Sat, Nov 29, 2:30–3:30 PM`. */
export function formatSlot(slot: { start_at: string; end_at: string; zone: string }): string {
  const time = new Intl.DateTimeFormat('en', { timeZone: slot.zone, hour: 'numeric', minute: '2-digit' });
  const range = time.formatRange(new Date(slot.start_at), new Date(slot.end_at));
  return `${formatDate(slot.start_at, slot.zone)}, ${range}${zoneNote(slot.start_at, slot.zone)}`;
}

/** A window of local times, `2026-11-28T00:00` to `2026-11-29T23:59`, in the zone of the place: whole days without times. */
export function formatWindow(window: { from: string; to: string }): string {
  const [from, to] = [window.from, window.to].map((local) => ({
    at: `${local}Z`,
    day: local.slice(0, 10),
    time: local.slice(11, 16),
  }));
  if (from === undefined || to === undefined) return '';
  const wholeDays = from.time === '00:00' && to.time === '23:59';
  const one = (end: typeof from) =>
    wholeDays ? formatDate(end.at, 'UTC') : `${formatDate(end.at, 'UTC')}, ${formatTime(end.at, 'UTC')}`;
  if (from.day !== to.day) return `${one(from)} – ${one(to)}`;
  return wholeDays ? one(from) : `${one(from)} – ${formatTime(to.at, 'UTC')}`;
}

/** A local date, `2026-11-28`. */
export function formatLocalDate(date: string): string {
  return formatDate(`${date}T00:00:00Z`, 'UTC');
}

const steps = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `in 3 hours`, `yesterday`, `just now` */
export function formatAgo(at: string | Date, now = new Date()): string {
  const distance = new Date(at).getTime() - now.getTime();
  const step = steps.find(([, length]) => Math.abs(distance) >= length);
  if (step === undefined) return 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(distance / step[1]), step[0]);
}

/** `1 h 30 min` */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ');
}

/** The local date of a moment in a zone: `2026-11-28`. */
export function localDate(at: string | Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(at));
}

/** A local date so many days after another one, or before it. */
export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

function zoneNote(at: string | Date, zone: string): string {
  const name = (of: string) => format(at, of, { timeZoneName: 'short' }).split(', ').at(-1);
  return name(zone) === name(ownZone) ? '' : ` ${name(zone) ?? zone}`;
}
