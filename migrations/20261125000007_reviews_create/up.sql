CREATE TABLE reviews (
    id           uuid PRIMARY KEY,
    provider_id  uuid NOT NULL REFERENCES providers (id) ON DELETE CASCADE,
    -- Null for what was brought along from elsewhere.
    booking_id   uuid REFERENCES bookings (id),
    user_id      uuid REFERENCES users (id),
    -- As they were when they wrote: a first name.
    author       text NOT NULL CHECK (length(author) <= 200),
    rating       int NOT NULL CHECK (rating BETWEEN 1 AND 5),
    -- 1 to 5 each, as far as they were given.
    quality      int CHECK (quality BETWEEN 1 AND 5),
    punctuality  int CHECK (punctuality BETWEEN 1 AND 5),
    communication int CHECK (communication BETWEEN 1 AND 5),
    value        int CHECK (value BETWEEN 1 AND 5),
    text         text NOT NULL DEFAULT '' CHECK (length(text) <= 5000),
    response     text CHECK (length(response) BETWEEN 1 AND 5000),
    responded_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reviews_booking_id_key UNIQUE (booking_id),
    CHECK ((response IS NULL) = (responded_at IS NULL)),
    CHECK ((booking_id IS NULL) = (user_id IS NULL))
);
CREATE INDEX reviews_provider_idx ON reviews (provider_id, id DESC);
CREATE INDEX reviews_user_idx ON reviews (user_id) WHERE user_id IS NOT NULL;
