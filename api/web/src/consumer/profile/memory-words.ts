import type { View } from '../../api/client';
import { formatMoney } from '../../ui/money';

type Memory = View<'MemoryView'>;
export type MemoryKey = keyof View<'Stated'>;

/** What is remembered, in the order in which it is shown. */
export const memoryKeys: readonly MemoryKey[] = ['budget', 'timing', 'style', 'places', 'favourite_providers'];

export const memoryNames: Record<MemoryKey, string> = {
  budget: 'Budget',
  timing: 'Timing',
  style: 'Style',
  places: 'Places',
  favourite_providers: 'Favourite providers',
};

/** What was said, in words. */
export function statedOf({ stated }: Memory, key: MemoryKey): string[] {
  switch (key) {
    case 'budget':
      return stated.budget == null ? [] : [`At most ${formatMoney(stated.budget.max_cents, stated.budget.currency)}`];
    case 'timing':
    case 'style': {
      const text = stated[key];
      return text == null ? [] : [text];
    }
    case 'places':
      return stated.places;
    case 'favourite_providers':
      return stated.favourite_providers.map(({ name }) => name);
  }
}

/** What was learned, in words, with how often it was seen. */
export function learnedOf(
  { learned }: Memory,
  key: MemoryKey,
  nameOf: (serviceId: string) => string,
): { text: string; seen: number }[] {
  switch (key) {
    case 'budget':
      return learned.budget.map(({ service_id: service, usual_cents: usual, currency, seen }) => ({
        text: `About ${formatMoney(usual, currency)} for ${nameOf(service)}`,
        seen,
      }));
    case 'favourite_providers':
      return learned.favourite_providers.map(({ name, seen }) => ({ text: name, seen }));
    case 'timing':
    case 'style':
    case 'places':
      return learned[key].map(({ value, service_id: service, seen }) => ({
        text: service == null ? value : `${value}, for ${nameOf(service)}`,
        seen,
      }));
  }
}
