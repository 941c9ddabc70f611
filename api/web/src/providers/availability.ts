import type { View } from '../api/client';

/** The days of a week, as the API names them. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The hours of a day: `09:00–12:00, 13:00–17:00`; `Closed` without any. */
export function hoursWords(hours: readonly View<'Hours'>[] = []): string {
  return hours.length === 0 ? 'Closed' : hours.map(({ start, end }) => `${start}–${end}`).join(', ');
}
