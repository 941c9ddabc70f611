-- What a consumer has live. Volatile on purpose: called once the consumer's row is locked, it sees what others committed
-- while that was waited for, which the snapshot of the calling statement does not.
CREATE FUNCTION live_requests(owner uuid)
    RETURNS TABLE (id uuid, service_id text, city text, window_from timestamp, window_to timestamp)
    LANGUAGE sql VOLATILE AS $$
    SELECT r.id, r.service_id, r.city, r.window_from, r.window_to FROM requests r
    WHERE r.user_id = owner AND r.status IN ('matching', 'matched', 'offers_received', 'booked') AND r.expires_at > now()
$$;

ALTER TABLE request_matches
    -- Why the provider passed.
    ADD COLUMN pass_reason text CHECK (length(pass_reason) BETWEEN 1 AND 1000);
