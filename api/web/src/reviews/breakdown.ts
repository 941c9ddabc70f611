import type { View } from '../api/client';

type Part = keyof View<'Breakdown'>;

/** A rating in detail, by its parts. */
export const breakdownParts: readonly { part: Part; name: string }[] = [
  { part: 'quality', name: 'Quality' },
  { part: 'punctuality', name: 'Punctuality' },
  { part: 'communication', name: 'Communication' },
  { part: 'value', name: 'Value for money' },
];
