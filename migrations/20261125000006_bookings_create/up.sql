CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TYPE booking_status AS ENUM ('confirmed', 'completed', 'cancelled', 'no_show');
CREATE TYPE booking_side AS ENUM ('consumer', 'provider');

CREATE TABLE bookings (
    id             uuid PRIMARY KEY,
    request_id     uuid NOT NULL REFERENCES requests (id),
    offer_id       uuid NOT NULL REFERENCES offers (id),
    provider_id    uuid NOT NULL REFERENCES providers (id),
    -- The consumer.
    user_id        uuid NOT NULL REFERENCES users (id),
    service_id     text NOT NULL REFERENCES catalog_services (id),
    price_cents    bigint NOT NULL CHECK (price_cents >= 0),
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    start_at       timestamptz NOT NULL,
    end_at         timestamptz NOT NULL CHECK (end_at > start_at),
    -- The zone in which the slot was agreed.
    zone           text NOT NULL,
    -- Where the work is done.
    place          service_place NOT NULL,
    address        text CHECK (length(address) BETWEEN 1 AND 500),
    instructions   text CHECK (length(instructions) <= 2000),
    status         booking_status NOT NULL DEFAULT 'confirmed',
    cancelled_by   booking_side,
    cancel_reason  text CHECK (length(cancel_reason) BETWEEN 1 AND 1000),
    -- Cancelled less than a day before its start.
    late           boolean NOT NULL DEFAULT false,
    -- Another slot that one side proposes; the present one holds until the other side agrees.
    proposed_start_at timestamptz,
    proposed_end_at   timestamptz CHECK (proposed_end_at > proposed_start_at),
    proposed_by       booking_side,
    proposed_until    timestamptz,
    -- When it left `confirmed`.
    ended_at       timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT bookings_offer_id_key UNIQUE (offer_id),
    CONSTRAINT bookings_no_overlap EXCLUDE USING gist (provider_id WITH =, tstzrange(start_at, end_at, '[)') WITH &&)
        WHERE (status = 'confirmed'),
    CHECK (place <> 'consumer' OR address IS NOT NULL),
    CHECK ((status = 'confirmed') = (ended_at IS NULL)),
    CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
    CHECK ((cancelled_by IS NOT NULL) <= (status = 'cancelled')),
    CHECK (num_nulls(proposed_start_at, proposed_end_at, proposed_by, proposed_until) IN (0, 4)),
    CHECK (proposed_by IS NULL OR status = 'confirmed')
);
CREATE UNIQUE INDEX bookings_one_confirmed_key ON bookings (request_id) WHERE status = 'confirmed';
CREATE INDEX bookings_request_idx ON bookings (request_id);
CREATE INDEX bookings_user_idx ON bookings (user_id, start_at DESC);
CREATE INDEX bookings_provider_idx ON bookings (provider_id, start_at DESC);
-- What completes by itself.
CREATE INDEX bookings_confirmed_end_idx ON bookings (end_at) WHERE status = 'confirmed';
-- Who is to be reminded.
CREATE INDEX bookings_confirmed_start_idx ON bookings (start_at) WHERE status = 'confirmed';
CREATE INDEX bookings_proposed_idx ON bookings (proposed_until) WHERE proposed_until IS NOT NULL;

CREATE TABLE booking_history (
    booking_id uuid NOT NULL REFERENCES bookings (id) ON DELETE CASCADE,
    "from"     booking_status NOT NULL,
    "to"       booking_status NOT NULL,
    actor_id   uuid REFERENCES users (id),
    note       text CHECK (length(note) <= 2000),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (booking_id, at)
);
