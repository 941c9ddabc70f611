DROP TRIGGER users_remote ON users;
DROP TRIGGER providers_remote ON providers;
DROP TRIGGER provider_services_remote ON provider_services;
DROP FUNCTION remote_user_changed(), remote_provider_changed(), remote_offer_changed();
DROP TABLE remote_changes;
