import { Suspense, useId, useState } from 'react';
import type { ReactNode } from 'react';
import { detailOf } from '../api/errors';
import { Button } from './button';
import { late } from './late';
import { Notice } from './notice';

const DialogWindow = late(() => import('./dialog-window'));

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** A dialog over the page. Its code is loaded when it is first opened; what is inside exists only while it is open. */
export function Dialog({ open, ...rest }: DialogProps) {
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <DialogWindow {...rest} />
    </Suspense>
  );
}

interface ConfirmDialogProps extends Omit<DialogProps, 'children'> {
  /** What the button does: Cancel booking. */
  confirm: string;
  danger?: boolean;
  /** Does it; the dialog closes when it is done, and shows what went wrong if not. */
  onConfirm: () => Promise<unknown>;
  /** More to say or to fill in. */
  children?: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog({ confirm, danger = false, onConfirm, onClose, children, ...rest }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const id = useId();

  async function press() {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog {...rest} onClose={onClose}>
      <form
        id={id}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void press();
        }}
      >
        {children}
        {failure !== null && (
          <Notice tone="bad" role="alert">
            {detailOf(failure)}
          </Notice>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Not now
          </Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
