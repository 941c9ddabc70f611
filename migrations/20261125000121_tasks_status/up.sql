-- What an operator looks for: of one status, the newest first.
CREATE INDEX tasks_status_idx ON tasks (status, id);
