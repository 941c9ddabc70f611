import { PhotoLink } from '../../media/photo-link';
import { budgetOf, isOpen } from '../../requests/request';
import type { Request } from '../../requests/request';
import { Fact, Facts } from '../../ui/facts';
import { Time } from '../../ui/time';
import { formatWindow } from '../../ui/times';
import { placeWords, urgencyWords } from './words';

/** What was asked for. */
export function RequestDetails({ request }: { request: Request }) {
  const { window, place, specializations, description, media, max_distance_km: reach } = request;
  const budget = budgetOf(request);
  return (
    <div className="grid gap-4">
      {description !== '' && <p className="whitespace-pre-wrap">{description}</p>}
      <Facts layout={2}>
        <Fact name="Where">{request.city}</Fact>
        <Fact name="When">{window == null ? 'Any time' : formatWindow(window)}</Fact>
        <Fact name="How soon">{urgencyWords[request.urgency]}</Fact>
        <Fact name="Budget">{budget ?? 'Not said'}</Fact>
        <Fact name="Place">{place == null ? 'Wherever it suits' : placeWords[place]}</Fact>
        {specializations.length > 0 && <Fact name="Particular skills">{specializations.join(', ')}</Fact>}
        {reach != null && <Fact name="At most as far as">{reach} km</Fact>}
        {isOpen(request) && (
          <Fact name="Open until">
            <Time at={request.expires_at} zone={request.zone} />
          </Fact>
        )}
      </Facts>
      {media.length > 0 && (
        <ul className="grid grid-cols-3 gap-2 sm:grid-cols-5">
          {media.map((photo, at) => (
            <li key={photo.id}>
              <PhotoLink media={photo} alt={`Photo ${at + 1} of ${media.length}`} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
