-- A value cannot be taken out of an enum type: a new type takes its place.
DELETE FROM tasks WHERE kind IN ('offer_draft', 'auto_offer', 'embedding');
ALTER TABLE tasks DROP CONSTRAINT tasks_check1, DROP CONSTRAINT tasks_check2;
ALTER TYPE task_kind RENAME TO task_kind_before;
CREATE TYPE task_kind AS ENUM ('chat', 'matching', 'probe');
ALTER TABLE tasks ALTER COLUMN kind TYPE task_kind USING kind::text::task_kind;
ALTER TABLE tasks
    ADD CONSTRAINT tasks_check1 CHECK (kind <> 'chat' OR message_id IS NOT NULL),
    ADD CONSTRAINT tasks_check2 CHECK (kind <> 'matching' OR request_id IS NOT NULL);
DROP TYPE task_kind_before;
