-- Whether what a provider offers may be booked today: no licence is needed, or one is in order.
CREATE FUNCTION is_bookable(licence licence_status, expires_on date) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN licence = 'not_needed'
        OR licence = 'verified' AND coalesce(expires_on >= (now() AT TIME ZONE 'UTC')::date, true);
