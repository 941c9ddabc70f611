import type { View } from '../api/client';
import { hoursWords, weekdays } from '../providers/availability';
import { wordsOf } from '../ui/badge';
import { Fact, Facts } from '../ui/facts';
import { formatLocalDate, formatMinutes } from '../ui/times';

/** Working hours, day by day. */
export function AvailabilityFacts({ availability }: { availability: View<'Availability'> }) {
  const { weekly, exceptions = [], notice_minutes, max_per_day, buffer_minutes, zone } = availability;
  return (
    <Facts>
      {weekdays.map((day) => (
        <Fact key={day} name={wordsOf(day)}>
          {hoursWords(weekly[day])}
        </Fact>
      ))}
      <Fact name="Other dates">
        {exceptions.map(({ date, hours }) => `${formatLocalDate(date)}: ${hoursWords(hours)}`).join('\n')}
      </Fact>
      <Fact name="Notice">{notice_minutes > 0 && formatMinutes(notice_minutes)}</Fact>
      <Fact name="At most a day">{max_per_day != null && String(max_per_day)}</Fact>
      <Fact name="Between two">{buffer_minutes > 0 && formatMinutes(buffer_minutes)}</Fact>
      <Fact name="Time zone">{zone}</Fact>
    </Facts>
  );
}
