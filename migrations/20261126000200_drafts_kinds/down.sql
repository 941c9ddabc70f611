-- A value cannot be taken out of an enum type: a new type takes its place.
DELETE FROM drafts WHERE kind <> 'request';
ALTER TYPE draft_kind RENAME TO draft_kind_before;
CREATE TYPE draft_kind AS ENUM ('request');
ALTER TABLE drafts ALTER COLUMN kind TYPE draft_kind USING kind::text::draft_kind;
DROP TYPE draft_kind_before;
