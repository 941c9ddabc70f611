import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { View } from '../api/client';
import { Skeleton } from '../ui/skeleton';
import { formatLocalDate, localDate } from '../ui/times';
import { daysOfWeek, slotsQuery } from './slots';
import { WeekSwitch } from './week-switch';

interface SlotWeeksProps {
  providerId: string;
  serviceId: string;
  /** Of the provider's clocks. */
  zone: string;
  /** One free slot. */
  children: (slot: View<'Slot'>) => ReactNode;
}

/** When a provider is free for a service, week by week. To be put in a panel. */
export function SlotWeeks({ providerId, serviceId, zone, children }: SlotWeeksProps) {
  const [week, setWeek] = useState(0);
  const [today] = useState(() => localDate(new Date(), zone));
  const days = daysOfWeek(today, week);
  const { data, isPlaceholderData } = useQuery({
    ...slotsQuery(providerId, serviceId, days),
    placeholderData: keepPreviousData,
  });
  const isWaiting = data === undefined || isPlaceholderData;
  return (
    <div className="grid gap-3">
      <WeekSwitch today={today} week={week} onChange={setWeek} />
      <div className="min-h-48" aria-busy={isWaiting}>
        {isWaiting ? (
          <Skeleton className="h-48" />
        ) : data.items.length === 0 ? (
          <p className="py-16 text-center text-muted">No free times in these days.</p>
        ) : (
          <ul className="grid gap-3">
            {days.map((date) => {
              const slots = data.items.filter((slot) => slot.date === date);
              if (slots.length === 0) return null;
              return (
                <li key={date} className="grid gap-1.5">
                  <p className="text-sm text-muted">{formatLocalDate(date)}</p>
                  <ul className="flex flex-wrap gap-2">
                    {slots.map((slot) => (
                      <li key={slot.start_at}>{children(slot)}</li>
                    ))}
                  </ul>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </div>
  );
}
