-- Answers are repeated letter by letter: jsonb would put their fields in another order.
ALTER TABLE idempotency_keys ALTER COLUMN answer TYPE json USING answer::json;
