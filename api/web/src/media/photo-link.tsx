import type { ComponentProps } from 'react';
import { Photo } from '../ui/photo';

/** A picture that opens in full, or a film that plays where it is. */
export function PhotoLink(props: ComponentProps<typeof Photo>) {
  const { media } = props;
  if (media.mime.startsWith('video/')) return <Photo {...props} />;
  return (
    <a href={media.url} target="_blank" rel="noreferrer" className="block">
      <Photo {...props} />
    </a>
  );
}
