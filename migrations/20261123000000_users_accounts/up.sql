ALTER TABLE users
    -- The role provider, earned here: no issuer lowers it.
    ADD COLUMN role_earned     boolean NOT NULL DEFAULT false,
    -- The time of the issuer's last event that was applied: older ones are ignored.
    ADD COLUMN issuer_event_at timestamptz,
    ADD COLUMN closed_at       timestamptz,
    ADD CONSTRAINT users_closed_check CHECK ((status = 'deleted') = (closed_at IS NOT NULL));

-- What the local issuer knows of a user beside.
CREATE TABLE accounts (
    user_id             uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    email               text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    -- Argon2id in PHC form.
    password_hash       text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX accounts_email_key ON accounts (lower(email));

-- One sign-in and all tokens that came of it.
CREATE TABLE refresh_families (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz
);
CREATE INDEX refresh_families_user_idx ON refresh_families (user_id) WHERE ended_at IS NULL;
CREATE INDEX refresh_families_expires_idx ON refresh_families (expires_at);

CREATE TABLE refresh_tokens (
    -- SHA-256; the token itself is known to its owner only.
    hash       bytea PRIMARY KEY CHECK (length(hash) = 32),
    family_id  uuid NOT NULL REFERENCES refresh_families (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX refresh_tokens_family_idx ON refresh_tokens (family_id);

-- Events of issuers that were applied: none is applied twice.
CREATE TABLE webhook_events (
    id         text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_events_created_idx ON webhook_events (created_at);
