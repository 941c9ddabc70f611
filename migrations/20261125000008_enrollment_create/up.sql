CREATE TYPE enrollment_status AS ENUM ('draft', 'pending_verification', 'verified', 'rejected');

CREATE TABLE enrollments (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users (id),
    status       enrollment_status NOT NULL DEFAULT 'draft',
    -- What was filled in so far.
    fields       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(fields) = 'object'),
    -- Why it was rejected.
    reasons      text[] NOT NULL DEFAULT '{}',
    -- The provider that it became.
    provider_id  uuid REFERENCES providers (id),
    expires_at   timestamptz NOT NULL,
    submitted_at timestamptz,
    decided_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CHECK ((status = 'verified') = (provider_id IS NOT NULL)),
    CHECK (status = 'draft' OR submitted_at IS NOT NULL),
    CHECK (status <> 'rejected' OR cardinality(reasons) > 0)
);
CREATE UNIQUE INDEX enrollments_one_key ON enrollments (user_id);
CREATE INDEX enrollments_pending_idx ON enrollments (status, id);
CREATE INDEX enrollments_expiry_idx ON enrollments (expires_at) WHERE status IN ('draft', 'rejected');

CREATE TABLE enrollment_history (
    enrollment_id uuid NOT NULL REFERENCES enrollments (id) ON DELETE CASCADE,
    "from"        enrollment_status NOT NULL,
    "to"          enrollment_status NOT NULL,
    actor_id      uuid REFERENCES users (id),
    note          text CHECK (length(note) <= 2000),
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (enrollment_id, at)
);

-- The photos that an enrollment names.
CREATE TABLE enrollment_media (
    enrollment_id uuid NOT NULL REFERENCES enrollments (id) ON DELETE CASCADE,
    media_id      uuid NOT NULL REFERENCES media (id),
    PRIMARY KEY (enrollment_id, media_id)
);
CREATE INDEX enrollment_media_media_idx ON enrollment_media (media_id);
