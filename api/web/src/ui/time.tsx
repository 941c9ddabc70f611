import { formatAgo, formatDateTime, ownZone } from './times';

/** A moment, in words how long ago or in full; the other one is its title. */
export function Time({ at, zone = ownZone, ago = false }: { at: string; zone?: string; ago?: boolean }) {
  const [said, title] = ago ? [formatAgo(at), formatDateTime(at, zone)] : [formatDateTime(at, zone), formatAgo(at)];
  return (
    <time dateTime={at} title={title}>
      {said}
    </time>
  );
}
