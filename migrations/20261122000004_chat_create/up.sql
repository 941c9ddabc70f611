CREATE TYPE agent_role AS ENUM ('guest', 'consumer', 'provider', 'enrollment');
CREATE TYPE message_author AS ENUM ('user', 'assistant');
CREATE TYPE draft_kind AS ENUM ('request');
CREATE TYPE draft_status AS ENUM ('open', 'approved', 'cancelled', 'superseded');

CREATE TABLE chat_sessions (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users (id),
    role       agent_role NOT NULL,
    title      text CHECK (length(title) <= 200),
    known      jsonb NOT NULL DEFAULT '{}',
    -- The number of the last message: who sends takes the row's lock and the next number.
    last_seq   bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);

CREATE INDEX chat_sessions_user_idx ON chat_sessions (user_id, id DESC);

CREATE TABLE chat_messages (
    id                uuid PRIMARY KEY,
    session_id        uuid NOT NULL REFERENCES chat_sessions (id),
    seq               bigint NOT NULL CHECK (seq > 0),
    -- The seq of the user's message that this one is or answers.
    turn              bigint NOT NULL CHECK (turn BETWEEN 1 AND seq),
    author            message_author NOT NULL,
    text              text NOT NULL,
    client_message_id text CHECK (length(client_message_id) BETWEEN 1 AND 200),
    task_id           uuid,
    data              jsonb,
    draft             jsonb,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT chat_messages_session_seq_key UNIQUE (session_id, seq)
);

-- The same client_message_id in a session is the same message.
CREATE UNIQUE INDEX chat_messages_client_id_key ON chat_messages (session_id, client_message_id)
    WHERE client_message_id IS NOT NULL;

CREATE TABLE drafts (
    id         uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES chat_sessions (id),
    user_id    uuid NOT NULL REFERENCES users (id),
    kind       draft_kind NOT NULL,
    status     draft_status NOT NULL DEFAULT 'open',
    version    int NOT NULL DEFAULT 1 CHECK (version > 0),
    fields     jsonb NOT NULL,
    asked      text[] NOT NULL DEFAULT '{}',
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX drafts_one_open_key ON drafts (session_id) WHERE status = 'open';
CREATE INDEX drafts_session_idx ON drafts (session_id);
