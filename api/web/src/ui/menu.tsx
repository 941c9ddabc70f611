import { Suspense, useState } from 'react';
import { IconButton } from './button';
import type { IconName } from './icons';
import { late } from './late';

const MenuList = late(() => import('./menu-list'));

export type MenuEntry = { label: string; icon?: IconName; danger?: boolean } & (
  { to: string } | { onSelect: () => void }
);

export interface MenuProps {
  /** What the button is called. */
  label: string;
  icon?: IconName;
  entries: readonly MenuEntry[];
}

/** A button with a list of things to do. Its code is loaded when it is first pressed. */
export function Menu({ label, icon = 'more', entries }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const button = (
    <IconButton name={icon} label={label} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} />
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <MenuList label={label} icon={icon} entries={entries} />
    </Suspense>
  );
}
