import { useId } from 'react';
import { ACCEPTED_MEDIA } from '../../api/media';
import { PhotoById } from '../../media/photo-by-id';
import { UploadList } from '../../media/upload-list';
import type { Uploads } from '../../media/use-uploads';
import { IconButton } from '../../ui/button';
import { useMessage } from '../../ui/form';
import { Icon } from '../../ui/icons';

const MOST_PHOTOS = 10;

interface PhotoFieldProps {
  label: string;
  hint: string;
  pointer: string;
  /** Those that are there. */
  ids: readonly string[];
  uploads: Uploads;
  onRemove: (id: string) => void;
}

/** Photos that hang on what is written; uploaded as they are picked. */
export function PhotoField({ label, hint, pointer, ids, uploads, onRemove }: PhotoFieldProps) {
  const id = useId();
  const wrong = useMessage(pointer);
  const left = MOST_PHOTOS - ids.length - uploads.items.length;
  return (
    <fieldset className="grid min-w-0 gap-2">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <ul className="grid grid-cols-3 gap-2 sm:grid-cols-5">
        {ids.map((media, at) => (
          <li key={media} className="relative">
            <PhotoById id={media} alt={`Photo ${at + 1}`} />
            <IconButton
              name="close"
              label={`Remove photo ${at + 1}`}
              className="absolute top-1 right-1 bg-surface"
              onClick={() => onRemove(media)}
            />
          </li>
        ))}
        {left > 0 && (
          <li>
            <label
              htmlFor={id}
              className="grid aspect-square cursor-pointer place-content-center justify-items-center gap-1 rounded-control border border-dashed border-line-strong text-sm text-muted focus-within:outline-2 focus-within:outline-accent hover:bg-sunken"
            >
              <Icon name="plus" />
              Add
              <input
                id={id}
                type="file"
                multiple
                accept={ACCEPTED_MEDIA}
                aria-describedby={`${id}-hint`}
                className="sr-only"
                onChange={(event) => {
                  uploads.add([...(event.target.files ?? [])].slice(0, left));
                  // The same file may be chosen again.
                  event.target.value = '';
                }}
              />
            </label>
          </li>
        )}
      </ul>
      <UploadList uploads={uploads} />
      <p id={`${id}-hint`} className="text-sm text-muted">
        {hint}
      </p>
      {wrong !== null && <p className="text-sm text-bad">{wrong}</p>}
    </fieldset>
  );
}
