import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { mediaQuery } from '../api/media';
import type { Media } from '../api/media';
import { classNames } from './class-names';
import { Icon } from './icons';

interface PhotoProps {
  media: Media;
  /** What is seen, for who does not see it. */
  alt: string;
  /** The small picture, or the whole of it. */
  size?: 'thumb' | 'full';
  /** Of width to height; fixed, so that nothing jumps. */
  ratio?: string;
  className?: string;
}

/** A picture or film. Its links are good for some minutes: when they are over, it asks for others. */
export function Photo(props: PhotoProps) {
  return <PhotoFile key={props.media.url} {...props} />;
}

function PhotoFile({ media, alt, size = 'thumb', ratio = '1', className }: PhotoProps) {
  const [failures, setFailures] = useState(0);
  // Whatever is known of it, its links are asked for anew.
  const fresh = useQuery({ ...mediaQuery(media.id), staleTime: 0, enabled: failures === 1, throwOnError: false });
  const shown = [media, fresh.data][failures];
  const look = classNames('w-full rounded-control bg-sunken object-cover', className);
  if (shown === undefined) {
    return (
      <div
        role="img"
        aria-label={alt}
        style={{ aspectRatio: ratio }}
        className={classNames(look, 'grid place-items-center text-muted')}
      >
        <Icon name="photo" />
      </div>
    );
  }
  const onError = () => setFailures(failures + 1);
  if (shown.mime.startsWith('video/')) {
    return (
      // Nobody has written captions for the films that people take of their homes.
      // eslint-disable-next-line jsx-a11y/media-has-caption
      <video
        src={shown.url}
        controls
        preload="metadata"
        aria-label={alt}
        style={{ aspectRatio: ratio }}
        className={look}
        onError={onError}
      />
    );
  }
  return (
    <img
      src={urlOf(shown, size)}
      alt={alt}
      loading="lazy"
      decoding="async"
      style={{ aspectRatio: ratio }}
      className={look}
      onError={onError}
    />
  );
}

function urlOf(media: Media, size: 'thumb' | 'full'): string {
  return size === 'thumb' ? (media.thumb_url ?? media.url) : media.url;
}
