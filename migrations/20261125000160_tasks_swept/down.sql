DROP INDEX tasks_unswept_idx;
ALTER TABLE tasks DROP COLUMN swept_at;
