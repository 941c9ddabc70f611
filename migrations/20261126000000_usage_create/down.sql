ALTER TABLE users DROP COLUMN guest_address;
DROP TABLE llm_usage;
DROP TYPE llm_feature;
