import type { ReactNode } from 'react';
import { Link } from 'react-router';

const look = 'break-all text-accent underline';

/** Leads to what an admin can do with an account; says its id unless told otherwise. */
export function UserLink({ id, children = id }: { id: string; children?: ReactNode }) {
  return (
    <Link to={`/admin/accounts?user=${encodeURIComponent(id)}`} className={look}>
      {children}
    </Link>
  );
}

/** Leads to what an admin can do with a provider. */
export function ProviderLink({ id, children = id }: { id: string; children?: ReactNode }) {
  return (
    <Link to={`/admin/accounts?provider=${encodeURIComponent(id)}`} className={look}>
      {children}
    </Link>
  );
}
