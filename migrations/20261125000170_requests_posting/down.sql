ALTER TABLE request_matches DROP COLUMN pass_reason;
DROP FUNCTION live_requests(uuid);
