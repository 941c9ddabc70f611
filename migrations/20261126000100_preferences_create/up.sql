CREATE TYPE preference_key AS ENUM ('budget', 'timing', 'style', 'places', 'favourite_providers');
CREATE TYPE preference_source AS ENUM ('stated', 'learned');

-- What is remembered of a consumer. What they stated and what was learned from what they did lie apart; what is forgotten is
-- deleted, and as learning happens where something is done, only what they do from then on is learned again.
CREATE TABLE preferences (
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source       preference_source NOT NULL,
    key          preference_key NOT NULL,
    -- Of which service; empty: of all.
    service_id   text NOT NULL DEFAULT '' CHECK (length(service_id) <= 100),
    -- What makes two the same: the value without case and accents, the currency, or the provider.
    same         text NOT NULL CHECK (length(same) BETWEEN 1 AND 400),
    -- A place, a time, a style.
    value        text CHECK (length(value) BETWEEN 1 AND 200),
    amount_cents bigint CHECK (amount_cents BETWEEN 0 AND 100000000),
    currency     text CHECK (currency ~ '^[A-Z]{3}$'),
    provider_id  uuid REFERENCES providers (id) ON DELETE CASCADE,
    -- Where it stands among those that were stated.
    position     integer NOT NULL DEFAULT 0 CHECK (position >= 0),
    -- How often it was seen, and when last.
    seen         integer NOT NULL DEFAULT 1 CHECK (seen >= 1),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, source, key, service_id, same),
    CHECK ((key = 'budget') = (amount_cents IS NOT NULL AND currency IS NOT NULL)),
    CHECK ((key = 'favourite_providers') = (provider_id IS NOT NULL)),
    CHECK ((key IN ('timing', 'style', 'places')) = (value IS NOT NULL))
);
CREATE INDEX preferences_provider_idx ON preferences (provider_id) WHERE provider_id IS NOT NULL;
