import { queryOptions } from '@tanstack/react-query';
import { call, client } from '../api/client';
import type { View } from '../api/client';
import { keys } from '../api/keys';
import { addDays, formatLocalDate, formatTime } from '../ui/times';

/** A slot as the API takes it: by the provider's clocks. */
export type NamedSlot = View<'NamedSlotBody'>;

/** Slots reach so many days ahead. */
const FURTHEST_DAYS = 90;
const WEEK_DAYS = 7;

/** How many weeks there are to look at. */
export const WEEKS = Math.ceil((FURTHEST_DAYS + 1) / WEEK_DAYS);

/** The free slots of a week, for the usual length of a job of the service. */
export function slotsQuery(providerId: string, serviceId: string, days: readonly string[]) {
  const query = { service_id: serviceId, from: days[0] ?? '', to: days.at(-1) ?? '' };
  return queryOptions({
    queryKey: keys.providers.slots(providerId, query),
    queryFn: ({ signal }) =>
      call(
        client.GET('/providers/{provider_id}/slots', { params: { path: { provider_id: providerId }, query }, signal }),
      ),
  });
}

/** The local dates of the n-th week from `today` on, as far as slots reach. */
export function daysOfWeek(today: string, week: number): string[] {
  const ahead = Array.from({ length: WEEK_DAYS }, (_, day) => week * WEEK_DAYS + day);
  return ahead.filter((days) => days <= FURTHEST_DAYS).map((days) => addDays(today, days));
}

/** The week, from `today` on, in which a local date lies; the first for what is past, the last for what is too far. */
export function weekOf(today: string, date: string): number {
  const days = (Date.parse(date) - Date.parse(today)) / 86_400_000;
  return Math.min(Math.max(Math.floor(days / WEEK_DAYS), 0), WEEKS - 1);
}

export function isSameSlot(one: NamedSlot, other: NamedSlot | null): boolean {
  return one.date === other?.date && one.start_time === other.start_time;
}

/** What tells slots apart; in the order of time. */
export function keyOfSlot({ date, start_time }: NamedSlot): string {
  return `${date}T${start_time}`;
}

/** `2:30 PM` of `14:30`. */
export function formatClock(clock: string): string {
  return formatTime(`2000-01-01T${clock}:00Z`, 'UTC');
}

/** `Sat, Nov 28, 2:30 PM` */
export function formatLocalSlot({ date, start_time }: NamedSlot): string {
  return `${formatLocalDate(date)}, ${formatClock(start_time)}`;
}
