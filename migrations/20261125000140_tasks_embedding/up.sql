-- What makes a provider's vector and still waits: no second one is asked for.
CREATE INDEX tasks_embedding_idx ON tasks (user_id) WHERE kind = 'embedding' AND stage = 'queued';
