DROP TABLE consumer_profiles;
