-- Who works from afar is in reach of everybody, so workers keep such offers in memory. What has changed since they last
-- looked is told here, by the transaction that changed it.
CREATE TABLE remote_changes (
    service_id text NOT NULL,
    provider_id uuid NOT NULL,
    -- As a number: 64 bits, so it never begins anew.
    transaction bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (service_id, transaction, provider_id)
);
CREATE INDEX remote_changes_changed_idx ON remote_changes (changed_at);

CREATE FUNCTION remote_offer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF 'remote' = ANY (OLD.places) OR 'remote' = ANY (NEW.places) THEN
        INSERT INTO remote_changes (service_id, provider_id)
        VALUES (coalesce(NEW.service_id, OLD.service_id), coalesce(NEW.provider_id, OLD.provider_id))
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER provider_services_remote AFTER INSERT OR UPDATE OR DELETE ON provider_services
    FOR EACH ROW EXECUTE FUNCTION remote_offer_changed();

CREATE FUNCTION remote_provider_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO remote_changes (service_id, provider_id)
    SELECT s.service_id, s.provider_id FROM provider_services s
    WHERE s.provider_id = NEW.id AND 'remote' = ANY (s.places)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER providers_remote AFTER UPDATE ON providers
    FOR EACH ROW EXECUTE FUNCTION remote_provider_changed();

CREATE FUNCTION remote_user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO remote_changes (service_id, provider_id)
    SELECT s.service_id, s.provider_id FROM providers p JOIN provider_services s ON s.provider_id = p.id
    WHERE p.user_id = NEW.id AND 'remote' = ANY (s.places)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_remote AFTER UPDATE OF status ON users
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION remote_user_changed();
