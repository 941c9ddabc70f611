-- Results and steps stay for some days; the rows are what messages and requests tell of.
ALTER TABLE tasks ADD COLUMN swept_at timestamptz;
CREATE INDEX tasks_unswept_idx ON tasks (updated_at) WHERE stage = 'done' AND swept_at IS NULL;
