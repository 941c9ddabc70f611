DROP TABLE provider_services;
DROP TABLE providers;
DROP TYPE licence_status;
DROP TYPE service_place;
DROP TYPE provider_status;
DROP FUNCTION plain_name(text);
DROP FUNCTION distance_km(float8, float8, float8, float8);
