import type { View } from '../api/client';
import { weekdays } from '../providers/availability';

export type Hours = View<'Hours'>;
export type Availability = View<'Availability'>;

const MIDNIGHT = 24 * 60;
/** The most stretches that a day has. */
export const MOST_HOURS = 10;

interface HoursProblem {
  start: string | null;
  end: string | null;
}

/** What is wrong with each stretch of a day, by the API's rules. */
export function problemsOf(hours: readonly Hours[]): HoursProblem[] {
  return hours.map((one, at) => {
    const [start, end] = [minuteOf(one.start), endOf(one)];
    if (start === null || end === null) {
      return { start: start === null ? 'Say a time.' : null, end: end === null ? 'Say a time.' : null };
    }
    if (start >= end) {
      return { start: null, end: 'The end must be after the start; 00:00 is midnight at the end of the day.' };
    }
    const overlaps = hours.slice(0, at).some((other) => {
      const [otherStart, otherEnd] = [minuteOf(other.start), endOf(other)];
      return otherStart !== null && otherEnd !== null && otherStart < end && start < otherEnd;
    });
    return { start: overlaps ? 'These hours overlap with others of the day.' : null, end: null };
  });
}

/** What is wrong with the dates of exceptions. */
export function dateProblems(exceptions: readonly View<'Exception'>[]): (string | null)[] {
  return exceptions.map(({ date }, at) => {
    if (date === '') return 'Say a date.';
    const isTwice = exceptions.slice(0, at).some((other) => other.date === date);
    return isTwice ? 'There is an exception for this date already.' : null;
  });
}

/** Whether it can be saved. */
export function isSound({ weekly, exceptions = [] }: Availability): boolean {
  const days = [...weekdays.map((day) => weekly[day] ?? []), ...exceptions.map(({ hours = [] }) => hours)];
  const isRight = days.flatMap(problemsOf).every(({ start, end }) => start === null && end === null);
  return isRight && dateProblems(exceptions).every((problem) => problem === null);
}

/** Hours to add to those of a day: a usual day, or four hours after a break. */
export function furtherHours(hours: readonly Hours[]): Hours {
  const last = hours.at(-1);
  const end = last === undefined ? null : endOf(last);
  if (end === null) return { start: '09:00', end: '17:00' };
  const start = Math.min(end + 60, MIDNIGHT - 60);
  return { start: clockOf(start), end: clockOf(Math.min(start + 240, MIDNIGHT)) };
}

/** The calendar of somebody who has not said when they work: closed. */
export function closed(zone: string): Availability {
  return { zone, weekly: {}, exceptions: [], notice_minutes: 120, max_per_day: null, buffer_minutes: 0 };
}

/** Minutes since midnight of `HH:MM`. */
function minuteOf(clock: string): number | null {
  const parts = /^(\d\d):(\d\d)/.exec(clock);
  return parts === null ? null : Number(parts[1]) * 60 + Number(parts[2]);
}

/** As an end, `00:00` is midnight at the end of the day. */
function endOf({ end }: Hours): number | null {
  const minute = minuteOf(end);
  return minute === 0 ? MIDNIGHT : minute;
}

function clockOf(minute: number): string {
  const [hour, rest] = [Math.floor(minute / 60) % 24, minute % 60];
  return `${String(hour).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
