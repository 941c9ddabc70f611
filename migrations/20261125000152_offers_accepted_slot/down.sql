CREATE UNIQUE INDEX offers_one_accepted_key ON offers (request_id) WHERE status = 'accepted';
ALTER TABLE offers DROP COLUMN accepted_start_at;
