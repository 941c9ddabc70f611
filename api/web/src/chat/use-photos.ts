import type { Media } from '../api/media';
import { useUploads } from '../media/use-uploads';
import type { Uploads } from '../media/use-uploads';
import { toast } from '../ui/toast';

/** How many photos one message may have. */
export const MOST_PHOTOS = 10;

/** Uploads photos to go along with a message, however they come: by file, camera, paste or drop. */
export function usePhotos(onUploaded: (photo: Media) => void): Uploads {
  const uploads = useUploads(onUploaded);
  function add(files: readonly File[]): void {
    const photos = files.filter(({ type }) => type.startsWith('image/'));
    if (photos.length < files.length) toast('Only photos can be sent here.');
    uploads.add(photos);
  }
  return { ...uploads, add };
}
