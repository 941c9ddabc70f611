import { Icon } from './icons';

const rounded = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The mean of the reviews; below three there is none. */
export function Rating({ rating, count }: { rating: number | null | undefined; count: number }) {
  if (count === 0) return <span>No reviews yet</span>;
  const reviews = count === 1 ? '1 review' : `${count} reviews`;
  if (rating == null) return <span>{reviews}</span>;
  return (
    <span className="inline-flex items-center gap-1">
      <span className="text-warn">
        <Icon name="star" size={16} filled />
      </span>
      {rounded.format(rating)}
      <span className="sr-only">of 5,</span> ({reviews})
    </span>
  );
}

/** The stars that one review gives. */
export function Stars({ rating }: { rating: number }) {
  return (
    <span role="img" aria-label={`${rating} of 5 stars`} className="inline-flex text-warn">
      {[1, 2, 3, 4, 5].map((star) => (
        <Icon key={star} name="star" size={16} filled={star <= rating} />
      ))}
    </span>
  );
}
