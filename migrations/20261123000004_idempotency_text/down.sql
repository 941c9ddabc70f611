ALTER TABLE idempotency_keys ALTER COLUMN answer TYPE jsonb USING answer::jsonb;
