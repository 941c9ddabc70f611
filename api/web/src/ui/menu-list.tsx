import * as Radix from '@radix-ui/react-dropdown-menu';
import { Link } from 'react-router';
import { IconButton } from './button';
import { classNames } from './class-names';
import { Icon } from './icons';
import type { MenuEntry, MenuProps } from './menu';

/** What {@link Menu} loads when it is first pressed: it opens at once. */
export default function MenuList({ label, icon = 'more', entries }: MenuProps) {
  return (
    // What is beside it stays reachable, so nothing that can be focused is hidden from who does not see.
    <Radix.Root defaultOpen modal={false}>
      <Radix.Trigger asChild>
        <IconButton name={icon} label={label} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={4}
          className="z-50 min-w-52 rounded-card border border-line bg-surface p-1.5 shadow-lg"
        >
          {entries.map((entry) => (
            <Entry key={entry.label} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  const className = classNames(
    'flex min-h-11 cursor-pointer items-center gap-3 rounded-control px-3 outline-none data-highlighted:bg-sunken',
    entry.danger === true && 'text-bad',
  );
  const inside = (
    <>
      {entry.icon !== undefined && <Icon name={entry.icon} />}
      {entry.label}
    </>
  );
  if ('to' in entry) {
    return (
      <Radix.Item asChild className={className}>
        <Link to={entry.to}>{inside}</Link>
      </Radix.Item>
    );
  }
  return (
    <Radix.Item className={className} onSelect={entry.onSelect}>
      {inside}
    </Radix.Item>
  );
}
