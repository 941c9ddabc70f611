-- What the matching of one request among a hundred thousand providers waits for.

-- Which services a provider offers, by hashes of their ids, beside where it is: of five hundred who are near, few offer the
-- one that is asked for, and the index alone tells which. Two ids may share a hash: whoever looks, looks at the offer too.
ALTER TABLE providers ADD COLUMN offered int[] NOT NULL DEFAULT '{}';
UPDATE providers p SET offered = s.offered
FROM (SELECT provider_id, array_agg(hashtext(service_id) ORDER BY service_id) AS offered
      FROM provider_services GROUP BY provider_id) s
WHERE s.provider_id = p.id;

-- An index that holds all that its expressions are made of is read without the table.
DROP INDEX providers_spot_idx;
CREATE INDEX providers_spot_idx ON providers USING gist (box_around(latitude, longitude, 0))
    INCLUDE (id, latitude, longitude, offered) WHERE status = 'active';
DROP INDEX providers_reach_idx;
CREATE INDEX providers_reach_idx ON providers USING gist (box_around(latitude, longitude, radius_km))
    INCLUDE (id, latitude, longitude, radius_km, offered) WHERE status = 'active';

-- What follows a change of many rows does so at once for all of them. The providers are locked first: the statement after
-- sees what others who changed their offers have committed meanwhile.
CREATE FUNCTION provider_services_offered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM providers WHERE id IN (SELECT provider_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE providers p SET offered = s.offered
    FROM (SELECT c.provider_id, coalesce(array_agg(hashtext(s.service_id) ORDER BY s.service_id)
                                         FILTER (WHERE s.service_id IS NOT NULL), '{}') AS offered
          FROM (SELECT DISTINCT provider_id FROM changed) c LEFT JOIN provider_services s USING (provider_id)
          GROUP BY c.provider_id) s
    WHERE p.id = s.provider_id AND p.offered <> s.offered;
    RETURN NULL;
END $$;
CREATE TRIGGER provider_services_offered_inserted AFTER INSERT ON provider_services
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION provider_services_offered();
CREATE TRIGGER provider_services_offered_deleted AFTER DELETE ON provider_services
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION provider_services_offered();
-- An offer of another service, or of another provider, is another offer: so nothing else changes what is offered.
CREATE FUNCTION provider_services_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an offer stays of its provider and service'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'provider_services_stay';
END $$;
CREATE TRIGGER provider_services_stay BEFORE UPDATE ON provider_services FOR EACH ROW
    WHEN ((old.provider_id, old.service_id) IS DISTINCT FROM (new.provider_id, new.service_id))
    EXECUTE FUNCTION provider_services_stay();

-- A lead is told by its request.
ALTER TABLE notifications ADD CONSTRAINT notifications_lead_check CHECK (kind <> 'lead' OR request_id IS NOT NULL);

CREATE OR REPLACE FUNCTION notifications_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id)
    SELECT t.user_id, t.kind, t.subject_id
    FROM told CROSS JOIN LATERAL (
        VALUES (told.user_id, 'notification:new'::live_event_kind, told.id),
               (CASE WHEN told.kind = 'lead' THEN told.user_id END, 'lead:new', told.request_id)
    ) t (user_id, kind, subject_id)
    WHERE t.user_id IS NOT NULL;
    RETURN NULL;
END $$;
DROP TRIGGER notifications_tell ON notifications;
CREATE TRIGGER notifications_tell AFTER INSERT ON notifications
    REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION notifications_tell();
