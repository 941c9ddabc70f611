CREATE TYPE llm_feature AS ENUM ('chat', 'summary', 'embedding');

-- What each call of a model cost; a cached answer costs nothing and stands here too. Rows are written after the fact, when the
-- conversation and its task may be gone: those are ids and no references. Nobody's once the user has left.
CREATE TABLE llm_usage (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users (id),
  session_id uuid,
  task_id uuid,
  feature llm_feature NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  prompt_tokens integer NOT NULL CHECK (prompt_tokens >= 0),
  completion_tokens integer NOT NULL CHECK (completion_tokens >= 0),
  cost_micros bigint NOT NULL CHECK (cost_micros >= 0),
  latency_ms integer NOT NULL CHECK (latency_ms >= 0),
  cached boolean NOT NULL,
  outcome text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX llm_usage_user ON llm_usage (user_id, at) WHERE user_id IS NOT NULL;
CREATE INDEX llm_usage_at ON llm_usage (at);

-- A keyed hash of the address from which a guest was made (of IPv6 the /64): its guests share a budget.
ALTER TABLE users ADD COLUMN guest_address uuid;
