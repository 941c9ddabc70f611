DROP TABLE request_matches;
DROP TABLE requests;
DROP TYPE urgency;
DROP TYPE request_status;
