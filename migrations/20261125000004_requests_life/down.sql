ALTER TABLE request_matches DROP COLUMN answered_at, DROP COLUMN round;
DROP TABLE request_media;
DROP TABLE request_history;
DROP INDEX requests_unmatched_idx;
DROP INDEX requests_next_match_idx;
DROP INDEX requests_expiry_idx;
DROP INDEX requests_user_idx;
ALTER TABLE requests
    DROP CONSTRAINT requests_service_id_fkey,
    DROP COLUMN place,
    DROP COLUMN matched_at,
    DROP COLUMN next_match_at,
    DROP COLUMN no_match_told_at;
