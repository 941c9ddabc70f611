import * as Radix from '@radix-ui/react-dialog';
import { useState } from 'react';
import { IconButton } from './button';
import type { DialogProps } from './dialog';

/** What {@link Dialog} loads when it opens. */
export default function DialogWindow({ onClose, title, description, children }: Omit<DialogProps, 'open'>) {
  // Radix gives the focus back to its own triggers only.
  const [opener] = useState(() => document.activeElement);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Radix.Content
          className="fixed inset-x-0 bottom-0 z-50 mx-auto grid max-h-[90dvh] w-full max-w-lg gap-4 overflow-y-auto rounded-t-card bg-surface p-5 shadow-xl sm:top-1/2 sm:bottom-auto sm:-translate-y-1/2 sm:rounded-card"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener instanceof HTMLElement) opener.focus();
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="flex items-start justify-between gap-3">
            <Radix.Title className="font-serif text-xl font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton name="close" label="Close" className="-m-2" />
            </Radix.Close>
          </div>
          {description !== undefined && <Radix.Description className="text-muted">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
