DROP INDEX provider_services_remote_idx;

DROP INDEX providers_city_idx;
CREATE OR REPLACE FUNCTION plain_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN lower(regexp_replace(btrim(name), '\s+', ' ', 'g'));
CREATE INDEX providers_city_idx ON providers (plain_name(city)) WHERE status = 'active';
