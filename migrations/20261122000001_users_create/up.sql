CREATE TYPE user_role AS ENUM ('guest', 'consumer', 'provider', 'admin');
CREATE TYPE user_status AS ENUM ('active', 'suspended', 'deleted');

CREATE TABLE users (
    id              uuid PRIMARY KEY,
    issuer          text NOT NULL CHECK (length(issuer) BETWEEN 1 AND 500),
    subject         text NOT NULL CHECK (length(subject) BETWEEN 1 AND 500),
    role            user_role NOT NULL,
    status          user_status NOT NULL DEFAULT 'active',
    name            text CHECK (length(name) BETWEEN 1 AND 200),
    role_changed_at timestamptz NOT NULL DEFAULT now(),
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- A person is (issuer, subject), never an e-mail.
    CONSTRAINT users_issuer_subject_key UNIQUE (issuer, subject)
);
