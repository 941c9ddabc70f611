CREATE TYPE offer_status AS ENUM ('pending', 'accepted', 'declined', 'withdrawn', 'expired');

CREATE TABLE offers (
    id               uuid PRIMARY KEY,
    request_id       uuid NOT NULL REFERENCES requests (id),
    provider_id      uuid NOT NULL REFERENCES providers (id),
    service_id       text NOT NULL REFERENCES catalog_services (id),
    price_cents      bigint NOT NULL CHECK (price_cents BETWEEN 0 AND 100000000),
    currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    duration_minutes int NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
    price_notes      text NOT NULL DEFAULT '' CHECK (length(price_notes) <= 2000),
    message          text NOT NULL DEFAULT '' CHECK (length(message) <= 5000),
    status           offer_status NOT NULL DEFAULT 'pending',
    -- The provider as it was when it offered.
    snapshot         jsonb NOT NULL,
    -- Whether the provider's agent made it by their rules.
    automatic        boolean NOT NULL DEFAULT false,
    expires_at       timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    -- At most 72 h, and a minute for clocks.
    CHECK (expires_at <= created_at + interval '72 hours 1 minute')
);
CREATE UNIQUE INDEX offers_one_live_key ON offers (request_id, provider_id) WHERE status = 'pending';
CREATE UNIQUE INDEX offers_one_accepted_key ON offers (request_id) WHERE status = 'accepted';
CREATE INDEX offers_request_idx ON offers (request_id, id DESC);
CREATE INDEX offers_provider_idx ON offers (provider_id, id DESC);
CREATE INDEX offers_expiry_idx ON offers (expires_at) WHERE status = 'pending';

CREATE TABLE offer_slots (
    offer_id   uuid NOT NULL REFERENCES offers (id) ON DELETE CASCADE,
    start_at   timestamptz NOT NULL,
    end_at     timestamptz NOT NULL CHECK (end_at > start_at),
    -- Not offered by the provider, but named in place of one that was taken: good until then.
    good_until timestamptz,
    PRIMARY KEY (offer_id, start_at)
);

CREATE TABLE offer_history (
    offer_id uuid NOT NULL REFERENCES offers (id) ON DELETE CASCADE,
    "from"   offer_status NOT NULL,
    "to"     offer_status NOT NULL,
    actor_id uuid REFERENCES users (id),
    note     text CHECK (length(note) <= 2000),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (offer_id, at)
);
