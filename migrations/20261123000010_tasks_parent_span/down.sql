ALTER TABLE tasks DROP COLUMN parent_span;
