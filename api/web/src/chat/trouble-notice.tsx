import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { useNow } from '../ui/now';
import { hurry } from './courier';
import type { Trouble } from './courier';

/** Why what was said is not sent yet, and when it will be tried again. */
export function TroubleNotice({ trouble }: { trouble: Trouble | null }) {
  return <div role="status">{trouble !== null && <Waiting trouble={trouble} />}</div>;
}

function Waiting({ trouble: { detail, until } }: { trouble: Trouble }) {
  const now = useNow(1_000);
  const seconds = Math.max(0, Math.ceil((until - now.getTime()) / 1_000));
  return (
    <Notice tone="warn">
      <p>{detail} Your message is kept.</p>
      <p className="mt-1 flex flex-wrap items-center gap-x-3">
        {/* A count that is read out every second helps nobody. */}
        <span aria-hidden>{seconds > 0 ? `Sending again in ${seconds} s.` : 'Sending again.'}</span>
        <Button look="plain" size="small" onClick={hurry}>
          Send now
        </Button>
      </p>
    </Notice>
  );
}
