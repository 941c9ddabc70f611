-- The catalog: what is in `shared/data/catalog.json` is loaded where it is not there yet; admins change it here.
CREATE TABLE catalog_categories (
    id          text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{0,99}$'),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text NOT NULL CHECK (length(description) <= 2000),
    position    int NOT NULL,
    -- Not shown and not offered any more; what hangs on it stays.
    retired_at  timestamptz
);

CREATE TABLE catalog_services (
    id                   text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{0,99}$'),
    category_id          text NOT NULL REFERENCES catalog_categories (id),
    name                 text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description          text NOT NULL CHECK (length(description) <= 2000),
    licensed             boolean NOT NULL,
    places               service_place[] NOT NULL CHECK (cardinality(places) BETWEEN 1 AND 3),
    min_photos           int NOT NULL CHECK (min_photos BETWEEN 0 AND 20),
    price_min_cents      bigint NOT NULL CHECK (price_min_cents >= 0),
    price_max_cents      bigint NOT NULL CHECK (price_max_cents >= price_min_cents),
    currency             text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    duration_min_minutes int NOT NULL CHECK (duration_min_minutes BETWEEN 5 AND 1440),
    duration_max_minutes int NOT NULL CHECK (duration_max_minutes BETWEEN duration_min_minutes AND 1440),
    specializations      text[] NOT NULL,
    position             int NOT NULL,
    retired_at           timestamptz
);
CREATE INDEX catalog_services_category_idx ON catalog_services (category_id);

-- Processes keep the catalog in memory: a change has the next number.
CREATE SEQUENCE catalog_version;
CREATE FUNCTION catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('catalog_version');
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_categories_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_categories
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
CREATE TRIGGER catalog_services_changed AFTER INSERT OR UPDATE OR DELETE ON catalog_services
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_changed();
