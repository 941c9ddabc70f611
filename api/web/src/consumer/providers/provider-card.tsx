import type { View } from '../../api/client';
import { useServiceName } from '../../catalog/catalog';
import { formatDistance } from '../../providers/provider';
import { Badge } from '../../ui/badge';
import { CardLink } from '../../ui/card';
import { formatMoney } from '../../ui/money';
import { Rating } from '../../ui/rating';

const MOST_SERVICES = 4;

/** A provider in a list. */
export function ProviderCard({ provider }: { provider: View<'FoundProviderView'> }) {
  const nameOf = useServiceName();
  const { services, distance_km: distance, price_from_cents: price, currency } = provider;
  const more = services.length - MOST_SERVICES;
  return (
    <CardLink to={`/providers/${provider.id}`} className="grid h-full content-start gap-1.5">
      <span className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-medium">{provider.name}</span>
        {provider.verified && <Badge tone="good">Licence checked</Badge>}
      </span>
      {provider.headline !== '' && <span>{provider.headline}</span>}
      <span className="flex flex-wrap gap-x-3 text-sm text-muted">
        <Rating rating={provider.rating} count={provider.review_count} />
        <span>
          {provider.city}
          {distance != null && `, ${formatDistance(distance)}`}
        </span>
        {price != null && currency != null && <span>from {formatMoney(price, currency)}</span>}
      </span>
      <span className="text-sm text-muted">
        {services.slice(0, MOST_SERVICES).map(nameOf).join(', ')}
        {more > 0 && ` and ${more} more`}
      </span>
    </CardLink>
  );
}
