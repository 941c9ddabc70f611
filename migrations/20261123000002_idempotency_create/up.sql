-- First answers to calls with an Idempotency-Key, written in the transaction of what the call did: there is no moment
-- in which the one is there without the other.
CREATE TABLE idempotency_keys (
    -- No foreign key: users stay, keys go within a day, and looking the user up again is a tenth of what a key costs.
    user_id    uuid NOT NULL,
    route      text NOT NULL CHECK (length(route) <= 200),
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    -- SHA-256 of what was sent.
    sent       bytea NOT NULL CHECK (length(sent) = 32),
    -- Null only inside the transaction that is about to write it.
    answer     jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, route, key)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);
