import { useId } from 'react';
import { ACCEPTED_MEDIA } from '../api/media';
import { UploadList } from '../media/upload-list';
import type { Uploads } from '../media/use-uploads';
import { Icon } from '../ui/icons';

interface MediaUploadProps {
  label: string;
  hint: string;
  uploads: Uploads;
}

/** Picks pictures and films, and shows how their upload goes. */
export function MediaUpload({ label, hint, uploads }: MediaUploadProps) {
  const id = useId();
  return (
    <div className="grid gap-3">
      <div className="grid justify-items-start gap-1.5">
        <label
          htmlFor={id}
          className="inline-flex min-h-11 cursor-pointer items-center gap-2 rounded-control border border-line-strong bg-surface px-4 py-2 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:bg-sunken"
        >
          <Icon name="photo" />
          {label}
          <input
            id={id}
            type="file"
            multiple
            accept={ACCEPTED_MEDIA}
            aria-describedby={`${id}-hint`}
            className="sr-only"
            onChange={(event) => {
              uploads.add([...(event.target.files ?? [])]);
              // The same file may be chosen again.
              event.target.value = '';
            }}
          />
        </label>
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      </div>
      <UploadList uploads={uploads} />
    </div>
  );
}
