-- A box in degrees that holds every point within so many kilometres: east and west by where the circle is widest. Where
-- it meets a pole or the 180th meridian, all longitudes. For indexes: what is in it is measured again.
CREATE FUNCTION box_around(latitude float8, longitude float8, km float8) RETURNS box
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN (
        SELECT CASE WHEN abs(latitude) + up >= 89.9 OR abs(longitude) + side >= 180
            THEN box(point(-180, latitude - up), point(180, latitude + up))
            ELSE box(point(longitude - side, latitude - up), point(longitude + side, latitude + up)) END
        FROM (SELECT degrees(km / 6371) * 1.001 AS up) a,
             LATERAL (SELECT CASE WHEN abs(latitude) + up >= 89.9 THEN 180
                 ELSE degrees(asin(least(1, sin(least(pi() / 2, km / 6371)) / cos(radians(latitude))))) * 1.001 END AS side) b
    );

ALTER TYPE licence_status RENAME VALUE 'pending' TO 'pending_verification';

ALTER TABLE providers
    ADD COLUMN headline         text NOT NULL DEFAULT '' CHECK (length(headline) <= 200),
    ADD COLUMN languages        text[] NOT NULL DEFAULT '{}' CHECK (cardinality(languages) <= 20),
    ADD COLUMN years_experience int CHECK (years_experience BETWEEN 0 AND 80),
    ADD COLUMN photo_id         uuid REFERENCES media (id),
    -- Contact: shown to the other side of a booking only.
    ADD COLUMN email            text CHECK (length(email) BETWEEN 3 AND 254),
    ADD COLUMN phone            text CHECK (length(phone) BETWEEN 3 AND 40),
    ADD COLUMN street           text CHECK (length(street) BETWEEN 1 AND 300),
    -- Settings: whether leads are answered without a person, and from which price on.
    ADD COLUMN auto_offer       boolean NOT NULL DEFAULT false,
    ADD COLUMN min_price_cents  bigint CHECK (min_price_cents >= 0),
    -- The importer's own name of it: imported once.
    ADD COLUMN external_id      text CHECK (length(external_id) BETWEEN 1 AND 200),
    -- Of all reviews, also of one or two, the younger ones counting more; `rating` is what is shown.
    ADD COLUMN rating_mean      float8 CHECK (rating_mean BETWEEN 1 AND 5),
    ADD COLUMN completed_jobs   int NOT NULL DEFAULT 0 CHECK (completed_jobs >= 0),
    ADD COLUMN late_cancellations int NOT NULL DEFAULT 0 CHECK (late_cancellations >= 0),
    -- The share of leads that were answered within a day, and the median time to it.
    ADD COLUMN response_rate    float8 CHECK (response_rate BETWEEN 0 AND 1),
    ADD COLUMN response_minutes int CHECK (response_minutes >= 0),
    ADD CONSTRAINT providers_external_id_key UNIQUE (external_id);
-- Whom a consumer would go to, and who would come.
CREATE INDEX providers_spot_idx ON providers USING gist (box_around(latitude, longitude, 0)) WHERE status = 'active';
CREATE INDEX providers_reach_idx ON providers USING gist (box_around(latitude, longitude, radius_km)) WHERE status = 'active';
CREATE INDEX providers_photo_idx ON providers (photo_id) WHERE photo_id IS NOT NULL;

ALTER TABLE provider_services
    ADD COLUMN description        text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    ADD COLUMN duration_minutes   int CHECK (duration_minutes BETWEEN 5 AND 1440),
    ADD COLUMN licence_number     text CHECK (length(licence_number) BETWEEN 1 AND 100),
    ADD COLUMN licence_expires_on date,
    ADD COLUMN licence_note       text CHECK (length(licence_note) <= 1000),
    ADD COLUMN created_at         timestamptz NOT NULL DEFAULT now(),
    -- Not valid: the catalog is loaded after this, and what was seeded before has no number.
    ADD CONSTRAINT provider_services_service_id_fkey FOREIGN KEY (service_id) REFERENCES catalog_services (id) NOT VALID,
    ADD CONSTRAINT provider_services_verified_check CHECK (licence <> 'verified' OR licence_number IS NOT NULL) NOT VALID;
-- Whose licence waits for an admin.
CREATE INDEX provider_services_pending_idx ON provider_services (created_at) WHERE licence = 'pending_verification';

CREATE TABLE provider_history (
    provider_id uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    "from"      provider_status NOT NULL,
    "to"        provider_status NOT NULL,
    actor_id    uuid REFERENCES users (id),
    note        text CHECK (length(note) <= 2000),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (provider_id, at)
);

-- When a provider works, in the local time of `providers.zone`. Days and dates are lists of {start, end}, written HH:MM.
CREATE TABLE availability (
    provider_id    uuid PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
    weekly         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(weekly) = 'object'),
    exceptions     jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(exceptions) = 'array'),
    notice_minutes int NOT NULL DEFAULT 120 CHECK (notice_minutes BETWEEN 0 AND 43200),
    max_per_day    int CHECK (max_per_day BETWEEN 1 AND 100),
    buffer_minutes int NOT NULL DEFAULT 0 CHECK (buffer_minutes BETWEEN 0 AND 480),
    updated_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE portfolio_items (
    id          uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    service_id  text REFERENCES catalog_services (id),
    media_id    uuid NOT NULL REFERENCES media (id),
    title       text NOT NULL DEFAULT '' CHECK (length(title) <= 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT portfolio_items_media_key UNIQUE (provider_id, media_id)
);
CREATE INDEX portfolio_items_media_idx ON portfolio_items (media_id);

-- How a provider words offers.
CREATE TABLE provider_templates (
    id          uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    service_id  text REFERENCES catalog_services (id),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    body        text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT provider_templates_name_key UNIQUE (provider_id, name)
);

-- What a model makes of what a provider says of itself; compared exactly, over the candidates that are left.
CREATE TABLE provider_embeddings (
    provider_id uuid PRIMARY KEY REFERENCES providers (id) ON DELETE CASCADE,
    model       text NOT NULL,
    vector      real[] NOT NULL,
    -- SHA-256 of the text: what has not changed is not embedded again.
    text_hash   bytea NOT NULL CHECK (length(text_hash) = 32),
    updated_at  timestamptz NOT NULL DEFAULT now()
);
