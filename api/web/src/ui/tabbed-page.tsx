import type { ReactNode } from 'react';
import { Page } from './page';
import { Panel } from './panel';
import { Tabs, useTab } from './tabs';

interface TabbedPageProps<Name extends string> {
  title: string;
  /** What is chosen among, if the title does not say it. */
  label?: string;
  /** Beside the heading: buttons. */
  actions?: ReactNode;
  tabs: readonly { name: Name; label: ReactNode }[];
  /** The one of who has not chosen. */
  first: NoInfer<Name>;
  /** Of the size of what the chosen one shows. */
  skeleton?: ReactNode;
  children: (chosen: Name) => ReactNode;
}

/** A page of parts of which one is seen, and loads and fails by itself; the address keeps which. */
export function TabbedPage<Name extends string>({
  title,
  label = title,
  actions,
  tabs,
  first,
  skeleton,
  children,
}: TabbedPageProps<Name>) {
  const [chosen, choose] = useTab(tabs, first);
  return (
    <Page title={title} actions={actions}>
      <Tabs label={label} value={chosen} onChange={choose} tabs={tabs}>
        <Panel skeleton={skeleton} resetKey={chosen}>
          {children(chosen)}
        </Panel>
      </Tabs>
    </Page>
  );
}
