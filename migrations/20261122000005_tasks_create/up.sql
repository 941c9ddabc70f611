CREATE TYPE task_kind AS ENUM ('chat', 'matching', 'probe');
CREATE TYPE task_status AS ENUM ('processing', 'completed', 'failed', 'cancelled');
CREATE TYPE task_stage AS ENUM ('queued', 'running', 'retrying', 'done');
CREATE TYPE step_kind AS ENUM ('llm', 'tool');

CREATE TABLE tasks (
    id           uuid PRIMARY KEY,
    kind         task_kind NOT NULL,
    user_id      uuid NOT NULL REFERENCES users (id),
    session_id   uuid REFERENCES chat_sessions (id),
    message_id   uuid REFERENCES chat_messages (id),
    request_id   uuid REFERENCES requests (id),
    retry_of     uuid REFERENCES tasks (id),
    -- Order within the session; null outside one.
    seq          bigint,
    status       task_status NOT NULL DEFAULT 'processing',
    stage        task_stage NOT NULL DEFAULT 'queued',
    step         int,
    attempts     int NOT NULL DEFAULT 0,
    -- The fence: every write of a worker names the claim it holds.
    claim_no     int NOT NULL DEFAULT 0,
    claimed_by   text,
    lease_until  timestamptz,
    run_at       timestamptz NOT NULL DEFAULT now(),
    -- When its entry was last put into the queue, or was about to be.
    pushed_at    timestamptz NOT NULL DEFAULT now(),
    version      int NOT NULL DEFAULT 1,
    result       jsonb,
    error_code   text,
    error_detail text,
    effects      jsonb NOT NULL DEFAULT '[]',
    trace_id     text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    -- A task is retried once; asking again gives the same retry.
    CONSTRAINT tasks_retry_of_key UNIQUE (retry_of),
    CHECK ((session_id IS NULL) = (seq IS NULL)),
    CHECK (kind <> 'chat' OR message_id IS NOT NULL),
    CHECK (kind <> 'matching' OR request_id IS NOT NULL),
    CHECK ((status = 'processing') = (stage <> 'done')),
    CHECK ((stage = 'running') = (lease_until IS NOT NULL)),
    CHECK (status <> 'completed' OR result IS NOT NULL),
    CHECK (status <> 'failed' OR error_code IS NOT NULL)
) WITH (fillfactor = 70);

-- Which task of a session comes first.
CREATE INDEX tasks_session_order_idx ON tasks (session_id, status, seq) WHERE session_id IS NOT NULL;
-- What answers a message.
CREATE INDEX tasks_message_idx ON tasks (message_id) WHERE message_id IS NOT NULL;
-- What the relay looks at: waiting tasks whose entry may be lost.
CREATE INDEX tasks_waiting_idx ON tasks (pushed_at) WHERE stage IN ('queued', 'retrying');
-- Tasks whose worker may be dead.
CREATE INDEX tasks_leased_idx ON tasks (lease_until) WHERE stage = 'running';
-- How many wait before one.
CREATE INDEX tasks_position_idx ON tasks (kind, id) WHERE stage = 'queued';
-- The latest matching of a request.
CREATE INDEX tasks_request_idx ON tasks (request_id, id DESC) WHERE request_id IS NOT NULL;

-- A state that has ended never changes again, whoever asks.
CREATE FUNCTION tasks_stay_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'task % has ended as %', old.id, old.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tasks_stay_ended';
END $$;
CREATE TRIGGER tasks_stay_ended BEFORE UPDATE ON tasks FOR EACH ROW
    WHEN (old.status <> 'processing' AND old.status IS DISTINCT FROM new.status)
    EXECUTE FUNCTION tasks_stay_ended();

CREATE TABLE task_steps (
    task_id           uuid NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    no                int NOT NULL CHECK (no > 0),
    kind              step_kind NOT NULL,
    -- The model that answered, or the tool that acted.
    name              text NOT NULL,
    output            jsonb NOT NULL,
    prompt_tokens     int,
    completion_tokens int,
    claim_no          int NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (task_id, no)
);
