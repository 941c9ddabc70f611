import * as Radix from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';
import { useInAddress } from './address';

interface TabsProps<Name extends string> {
  /** What is chosen among. */
  label: string;
  value: Name;
  onChange: (name: Name) => void;
  tabs: readonly { name: Name; label: ReactNode }[];
  /** What the chosen one shows. */
  children: ReactNode;
}

/** Parts of a page of which one is seen; {@link useTab} keeps which. */
export function Tabs<Name extends string>({ label, value, onChange, tabs, children }: TabsProps<Name>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(name) => {
        const tab = tabs.find((one) => one.name === name);
        if (tab !== undefined) onChange(tab.name);
      }}
      className="grid gap-4"
    >
      <Radix.List aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.name}
            value={tab.name}
            className="min-h-11 whitespace-nowrap border-b-2 border-transparent px-3 font-medium text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value}>{children}</Radix.Content>
    </Radix.Root>
  );
}

/** Which of some tabs is chosen, kept in the address (`?tab=hours`). Who has not chosen sees `first`. */
export function useTab<Name extends string>(
  tabs: readonly { name: Name }[],
  first: NoInfer<Name>,
): [Name, (name: Name) => void] {
  const [said, say] = useInAddress('tab');
  return [tabs.find(({ name }) => name === said)?.name ?? first, say];
}
