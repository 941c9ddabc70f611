import type { View } from '../api/client';
import { useCatalog } from '../catalog/catalog';
import { PhotoById } from '../media/photo-by-id';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Select, TextField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { orNull } from './business-fields';
import type { EnrollmentDraft } from './enrollment-draft';
import { below } from './errors-at';
import type { ErrorsAt } from './errors-at';
import { MediaUpload } from './media-upload';

type Photo = View<'EnrollmentPhoto'>;

const MOST_PHOTOS = 50;

/** Photos of one's work: the fourth step. Some services need a few. */
export function EnrollmentPortfolio({ draft }: { draft: EnrollmentDraft }) {
  const photos = draft.fields.portfolio ?? [];
  const change = (changed: Photo[]) => draft.change({ portfolio: changed.length === 0 ? null : changed });
  const offered = useOffered(draft);
  return (
    <div className="grid gap-4">
      <Needed draft={draft} />
      <ul className="grid gap-3 sm:grid-cols-2">
        {photos.map((photo, index) => (
          <li key={photo.media_id}>
            <PhotoCard
              photo={photo}
              services={offered}
              onChange={(changes) => change(photos.map((one, of) => (of === index ? { ...one, ...changes } : one)))}
              onRemove={() => change(photos.filter((_, of) => of !== index))}
              at={below(draft.errorsAt, `portfolio/${index}`)}
            />
          </li>
        ))}
      </ul>
      {photos.length < MOST_PHOTOS && (
        <MediaUpload
          label="Add photos or films"
          hint="JPEG, PNG or WebP up to 20 MB, MP4 up to 100 MB. Where they were taken is removed from them."
          uploads={draft.uploads}
        />
      )}
    </div>
  );
}

/** How many photos each service still needs. */
function Needed({ draft }: { draft: EnrollmentDraft }) {
  const photos = draft.fields.portfolio ?? [];
  const needing = useOffered(draft).filter(({ min_photos }) => min_photos > 0);
  if (needing.length === 0) {
    return <p className="text-muted">Photos are up to you, but people like to see what you do.</p>;
  }
  return (
    <ul className="grid gap-1">
      {needing.map((service) => {
        const shown = photos.filter(({ service_id }) => service_id == null || service_id === service.id).length;
        const isEnough = shown >= service.min_photos;
        return (
          <li key={service.id} className="flex items-center gap-2">
            <span className={isEnough ? 'text-good' : 'text-warn'}>
              <Icon name={isEnough ? 'check' : 'warning'} />
            </span>
            {service.name}: {shown} of at least {service.min_photos} photos
          </li>
        );
      })}
    </ul>
  );
}

interface PhotoCardProps {
  photo: Photo;
  services: readonly View<'ServiceView'>[];
  onChange: (changes: Partial<Photo>) => void;
  onRemove: () => void;
  at: ErrorsAt;
}

function PhotoCard({ photo, services, onChange, onRemove, at }: PhotoCardProps) {
  const title = photo.title ?? 'Your work';
  return (
    <Card className="grid gap-3">
      <PhotoById id={photo.media_id} alt={title} ratio="4 / 3" />
      <TextField
        label="What it shows"
        {...at('title')}
        value={photo.title ?? ''}
        onChange={(text) => onChange({ title: orNull(text) })}
        maxLength={200}
      />
      <Select
        label="Service"
        {...at('service_id')}
        value={photo.service_id ?? ''}
        onChange={(id) => onChange({ service_id: orNull(id) })}
        options={[
          { value: '', label: 'All services' },
          ...services.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <Button look="quiet" size="small" icon="trash" className="justify-self-start" onClick={onRemove}>
        Remove<span className="sr-only"> {title}</span>
      </Button>
    </Card>
  );
}

/** The services that are to be offered, as the catalog knows them. */
function useOffered(draft: EnrollmentDraft): View<'ServiceView'>[] {
  const wanted = (draft.fields.services ?? []).map(({ service_id }) => service_id);
  return useCatalog()
    .flatMap(({ services }) => services)
    .filter(({ id }) => wanted.includes(id));
}
