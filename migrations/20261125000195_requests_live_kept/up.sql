-- A function in SQL is parsed and planned anew at each call, which was a third of what a post costs; plpgsql keeps its plan. It
-- stays volatile: each of its queries sees what was committed before it, also after the calling statement began.
CREATE OR REPLACE FUNCTION live_requests(owner uuid)
    RETURNS TABLE (id uuid, service_id text, city text, window_from timestamp, window_to timestamp)
    LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN QUERY SELECT r.id, r.service_id, r.city, r.window_from, r.window_to FROM requests r
    WHERE r.user_id = owner AND r.status IN ('matching', 'matched', 'offers_received', 'booked')
      AND CASE r.status WHEN 'booked'
        THEN NOT EXISTS (SELECT FROM bookings b WHERE b.request_id = r.id AND b.status = 'confirmed'
                           AND b.end_at <= now() - interval '48 hours')
        ELSE r.expires_at > now() END;
END
$$;
