import { useSuspenseQuery } from '@tanstack/react-query';
import type { View } from '../api/client';
import { mediaQuery } from '../api/media';
import { useServiceName } from '../catalog/catalog';
import { Panel } from '../ui/panel';
import { Photo } from '../ui/photo';
import { Skeleton } from '../ui/skeleton';

type Shown = View<'EnrollmentPhoto'>;

/** What somebody shows of their work; each opens in full in a new tab. */
export function EnrollmentPhotos({ photos }: { photos: readonly Shown[] }) {
  if (photos.length === 0) return null;
  return (
    <section aria-label="Photos" className="grid gap-3">
      <h3 className="font-medium">Photos</h3>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3">
        {photos.map((photo) => (
          <li key={photo.media_id}>
            <Panel skeleton={<Skeleton className="aspect-square" />}>
              <EnrollmentPhoto photo={photo} />
            </Panel>
          </li>
        ))}
      </ul>
    </section>
  );
}

function EnrollmentPhoto({ photo }: { photo: Shown }) {
  const { data: media } = useSuspenseQuery(mediaQuery(photo.media_id));
  const nameOf = useServiceName();
  const of = photo.service_id == null ? 'their work' : nameOf(photo.service_id).toLowerCase();
  const title = photo.title ?? `Photo of ${of}`;
  return (
    <figure className="grid gap-1">
      <a href={media.url} target="_blank" rel="noreferrer" aria-label={`${title}, in full`}>
        <Photo media={media} alt="" />
      </a>
      <figcaption className="text-sm">
        {title}
        {photo.service_id != null && photo.title != null && (
          <span className="text-muted"> · {nameOf(photo.service_id)}</span>
        )}
        {photo.description != null && <span className="block text-muted">{photo.description}</span>}
      </figcaption>
    </figure>
  );
}
