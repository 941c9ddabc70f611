import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { bookingQuery, otherSideOf } from '../bookings/booking';
import { useServiceName } from '../catalog/catalog';
import { offerQuery } from '../offers/offer';
import { needOf, requestQuery } from '../requests/request';
import { formatMoney } from '../ui/money';
import { Skeleton } from '../ui/skeleton';
import { formatSlot } from '../ui/times';

/*
 * What a draft is about, in two lines that lead there. If it cannot be read, the draft is shown without.
 */

function About({ to, title, more }: { to: string; title: string; more: readonly string[] }) {
  return (
    <Link to={to} className="grid rounded-control bg-sunken px-3 py-2 hover:underline">
      <span className="font-medium">{title}</span>
      <span className="text-sm text-muted">{more.filter((part) => part !== '').join(' · ')}</span>
    </Link>
  );
}

const Waiting = () => <Skeleton className="h-14" />;

/** A request of one's own, or a lead. */
export function AboutRequest({ id, isLead = false }: { id: string; isLead?: boolean }) {
  const nameOf = useServiceName();
  const { data, isPending } = useQuery({ ...requestQuery(id), refetchInterval: false, throwOnError: false });
  if (data === undefined) return isPending ? <Waiting /> : null;
  return (
    <About to={isLead ? `/work/leads/${id}` : `/requests/${id}`} title={nameOf(data.service_id)} more={needOf(data)} />
  );
}

export function AboutOffer({ id }: { id: string }) {
  const nameOf = useServiceName();
  const { data, isPending } = useQuery({ ...offerQuery(id), refetchInterval: false, throwOnError: false });
  if (data === undefined) return isPending ? <Waiting /> : null;
  return (
    <About
      to={`/requests/${data.request_id}`}
      title={data.provider.name}
      more={[nameOf(data.service_id), formatMoney(data.price_cents, data.currency)]}
    />
  );
}

export function AboutBooking({ id }: { id: string }) {
  const nameOf = useServiceName();
  const { data, isPending } = useQuery({ ...bookingQuery(id), refetchInterval: false, throwOnError: false });
  if (data === undefined) return isPending ? <Waiting /> : null;
  return (
    <About
      to={`/bookings/${id}`}
      title={`${nameOf(data.service_id)} · ${otherSideOf(data)}`}
      more={[formatSlot(data.slot), formatMoney(data.price_cents, data.currency)]}
    />
  );
}
