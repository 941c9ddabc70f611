import { discardMedia } from '../api/media';
import type { Media } from '../api/media';
import type { Upload, Uploads } from '../media/use-uploads';
import { Button, Spinner } from '../ui/button';
import { Icon } from '../ui/icons';
import { Photo } from '../ui/photo';

interface PhotoTrayProps {
  /** Those that have arrived. */
  photos: readonly Media[];
  uploads: Uploads;
  onRemove: (id: string) => void;
}

/** The photos that go along with what is being written. */
export function PhotoTray({ photos, uploads, onRemove }: PhotoTrayProps) {
  if (photos.length === 0 && uploads.items.length === 0) return null;
  return (
    <ul aria-label="Photos of this message" className="flex flex-wrap gap-2">
      {photos.map((photo, at) => (
        <li key={photo.id} className="relative w-20">
          <Photo media={photo} alt={`Photo ${at + 1}`} />
          <RemoveButton
            label={`Remove photo ${at + 1}`}
            onClick={() => {
              onRemove(photo.id);
              discardMedia(photo.id);
            }}
          />
        </li>
      ))}
      {uploads.items.map((upload) => (
        <li key={upload.id} className="relative">
          <UploadView upload={upload} onRetry={() => uploads.retry(upload.id)} />
          <RemoveButton label={`Remove ${upload.name}`} onClick={() => uploads.remove(upload.id)} />
        </li>
      ))}
    </ul>
  );
}

function UploadView({ upload: { name, preview, failure }, onRetry }: { upload: Upload; onRetry: () => void }) {
  return (
    <div className="flex gap-2">
      <span className="relative grid size-20 place-items-center">
        {preview !== null && (
          <img src={preview} alt={name} className="absolute inset-0 size-20 rounded-control object-cover opacity-50" />
        )}
        {failure === null && (
          <span role="status" className="relative">
            <span className="sr-only">Uploading {name}</span>
            <Spinner />
          </span>
        )}
      </span>
      {failure !== null && (
        <div role="alert" className="grid max-w-56 content-start gap-1 pr-8 text-sm text-bad">
          {failure}
          <Button look="plain" size="small" icon="refresh" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="absolute -top-1.5 -right-1.5 grid size-7 place-items-center rounded-full border border-line-strong bg-surface hover:bg-sunken"
    >
      <Icon name="close" size={16} />
    </button>
  );
}
