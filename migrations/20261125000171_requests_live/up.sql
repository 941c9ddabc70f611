-- One that is booked does not expire: it is live until its booking ends.
CREATE OR REPLACE FUNCTION live_requests(owner uuid)
    RETURNS TABLE (id uuid, service_id text, city text, window_from timestamp, window_to timestamp)
    LANGUAGE sql VOLATILE AS $$
    SELECT r.id, r.service_id, r.city, r.window_from, r.window_to FROM requests r
    WHERE r.user_id = owner AND r.status IN ('matching', 'matched', 'offers_received', 'booked')
      AND (r.status = 'booked' OR r.expires_at > now())
$$;
