DROP TABLE preferences;
DROP TYPE preference_source;
DROP TYPE preference_key;
