-- Distances on the globe in plain SQL: kilometres by the haversine formula, radius 6371 km.
CREATE FUNCTION distance_km(lat1 float8, lon1 float8, lat2 float8, lon2 float8) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN 2 * 6371 * asin(least(1, sqrt(
        sin(radians(lat2 - lat1) / 2) ^ 2
        + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ^ 2)));

-- A city's name for comparing: case and spaces aside.
CREATE FUNCTION plain_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(regexp_replace(btrim(name), '\s+', ' ', 'g'));

CREATE TYPE provider_status AS ENUM ('active', 'paused', 'suspended');
CREATE TYPE service_place AS ENUM ('provider', 'consumer', 'remote');
CREATE TYPE licence_status AS ENUM ('not_needed', 'pending', 'verified', 'rejected');

CREATE TABLE providers (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    bio          text NOT NULL DEFAULT '' CHECK (length(bio) <= 5000),
    city         text NOT NULL CHECK (length(city) BETWEEN 1 AND 200),
    zone         text NOT NULL,
    latitude     float8 CHECK (latitude BETWEEN -90 AND 90),
    longitude    float8 CHECK (longitude BETWEEN -180 AND 180),
    radius_km    float8 NOT NULL DEFAULT 25 CHECK (radius_km BETWEEN 0 AND 1000),
    status       provider_status NOT NULL DEFAULT 'active',
    rating       float8 CHECK (rating BETWEEN 1 AND 5),
    review_count int NOT NULL DEFAULT 0 CHECK (review_count >= 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT providers_user_id_key UNIQUE (user_id),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    -- Below three reviews the aggregate is null.
    CHECK (review_count >= 3 OR rating IS NULL)
);

CREATE TABLE provider_services (
    provider_id     uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    service_id      text NOT NULL,
    places          service_place[] NOT NULL CHECK (cardinality(places) > 0),
    price_min_cents bigint CHECK (price_min_cents >= 0),
    price_max_cents bigint CHECK (price_max_cents >= price_min_cents),
    currency        text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    specializations text[] NOT NULL DEFAULT '{}',
    licence         licence_status NOT NULL DEFAULT 'not_needed',
    PRIMARY KEY (provider_id, service_id)
);

-- Who offers a service; the provider's city and place narrow it down.
CREATE INDEX provider_services_bookable_idx ON provider_services (service_id, provider_id)
    WHERE licence IN ('not_needed', 'verified');
CREATE INDEX providers_city_idx ON providers (plain_name(city)) WHERE status = 'active';
