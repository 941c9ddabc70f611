CREATE OR REPLACE FUNCTION notifications_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'notification:new', new.id);
    IF new.kind = 'lead' THEN
        INSERT INTO live_events (user_id, kind, subject_id) VALUES (new.user_id, 'lead:new', new.request_id);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER notifications_tell ON notifications;
CREATE TRIGGER notifications_tell AFTER INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION notifications_tell();
ALTER TABLE notifications DROP CONSTRAINT notifications_lead_check;

DROP TRIGGER provider_services_stay ON provider_services;
DROP FUNCTION provider_services_stay;
DROP TRIGGER provider_services_offered_inserted ON provider_services;
DROP TRIGGER provider_services_offered_deleted ON provider_services;
DROP FUNCTION provider_services_offered;
DROP INDEX providers_spot_idx;
CREATE INDEX providers_spot_idx ON providers USING gist (box_around(latitude, longitude, 0)) WHERE status = 'active';
DROP INDEX providers_reach_idx;
CREATE INDEX providers_reach_idx ON providers USING gist (box_around(latitude, longitude, radius_km)) WHERE status = 'active';
ALTER TABLE providers DROP COLUMN offered;
