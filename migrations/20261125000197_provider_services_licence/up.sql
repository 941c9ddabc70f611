-- What needs a licence is never offered without: whoever begins to offer it knows only what the catalog said a moment ago.
-- The catalog's row is held, so that a change of it comes before, or sees what is offered here.
CREATE FUNCTION provider_services_licence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT licensed FROM catalog_services WHERE id = NEW.service_id FOR SHARE) THEN
        NEW.licence := 'pending_verification';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER provider_services_licence BEFORE INSERT OR UPDATE OF licence ON provider_services
    FOR EACH ROW WHEN (NEW.licence = 'not_needed') EXECUTE FUNCTION provider_services_licence();
