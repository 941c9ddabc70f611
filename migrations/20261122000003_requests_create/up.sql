CREATE TYPE request_status AS ENUM
    ('matching', 'matched', 'offers_received', 'booked', 'completed', 'cancelled', 'expired');
CREATE TYPE urgency AS ENUM ('flexible', 'soon', 'urgent');

CREATE TABLE requests (
    id               uuid PRIMARY KEY,
    user_id          uuid NOT NULL REFERENCES users (id),
    service_id       text NOT NULL,
    city             text NOT NULL CHECK (length(city) BETWEEN 1 AND 200),
    zone             text NOT NULL,
    latitude         float8 CHECK (latitude BETWEEN -90 AND 90),
    longitude        float8 CHECK (longitude BETWEEN -180 AND 180),
    max_distance_km  float8 CHECK (max_distance_km > 0),
    window_from      timestamp,
    window_to        timestamp,
    urgency          urgency NOT NULL DEFAULT 'flexible',
    budget_min_cents bigint CHECK (budget_min_cents >= 0),
    budget_max_cents bigint CHECK (budget_max_cents >= budget_min_cents),
    budget_currency  text CHECK (budget_currency ~ '^[A-Z]{3}$'),
    description      text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    specializations  text[] NOT NULL DEFAULT '{}',
    status           request_status NOT NULL DEFAULT 'matching',
    expires_at       timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK ((window_from IS NULL) = (window_to IS NULL)),
    CHECK (window_from < window_to),
    CHECK ((budget_currency IS NULL) = (budget_min_cents IS NULL AND budget_max_cents IS NULL))
);

-- Live ones of a consumer: the limit of ten and the search for duplicates.
CREATE INDEX requests_live_idx ON requests (user_id, service_id)
    WHERE status IN ('matching', 'matched', 'offers_received', 'booked');

CREATE TABLE request_matches (
    request_id  uuid NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    provider_id uuid NOT NULL REFERENCES providers (id),
    score       float8 NOT NULL CHECK (score BETWEEN 0 AND 1),
    factors     jsonb NOT NULL,
    routed_at   timestamptz NOT NULL DEFAULT now(),
    viewed_at   timestamptz,
    passed_at   timestamptz,
    PRIMARY KEY (request_id, provider_id)
);

CREATE INDEX request_matches_provider_idx ON request_matches (provider_id, routed_at DESC);
