import { useInAddress } from '../ui/address';

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

/**
 * What a filter is set to, kept in the address. The first choice is what holds when the address says nothing, or something
 * that is no choice.
 */
export function useChoice<Value extends string>(
  name: string,
  choices: readonly [Choice<Value>, ...Choice<Value>[]],
): [Value, (value: Value) => void] {
  const [said, say] = useInAddress(name);
  const value = choices.find((choice) => choice.value === said)?.value ?? choices[0].value;
  return [value, (next) => say(next === choices[0].value ? '' : next)];
}
