import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { mediaQuery } from '../api/media';
import { Icon } from '../ui/icons';
import { Photo } from '../ui/photo';
import { Skeleton } from '../ui/skeleton';

/** A picture or film of which only the id is known; what is not there any more leaves its place. */
export function PhotoById({ id, ...rest }: Omit<ComponentProps<typeof Photo>, 'media'> & { id: string }) {
  const { data, isError } = useQuery({ ...mediaQuery(id), throwOnError: false });
  if (data !== undefined) return <Photo media={data} {...rest} />;
  const { alt, ratio = '1' } = rest;
  return (
    <div style={{ aspectRatio: ratio }} className="grid">
      {isError ? (
        <div className="grid place-items-center rounded-control bg-sunken text-muted">
          <Icon name="photo" label={`${alt}, not there any more`} />
        </div>
      ) : (
        <Skeleton />
      )}
    </div>
  );
}
