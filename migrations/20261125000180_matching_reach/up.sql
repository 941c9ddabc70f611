-- A city's name for comparing: case, accents and spaces aside, as `plain` in `shared/src/model/places.rs` has it. Letters
-- that are no letter with a mark are written out. (`unaccent` depends on a file and is not immutable.)
DROP INDEX providers_city_idx;
CREATE OR REPLACE FUNCTION plain_name(name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN btrim(regexp_replace(
        replace(replace(replace(replace(
            translate(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđðı', 'olddi'),
            'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
        '\s+', ' ', 'g'));
CREATE INDEX providers_city_idx ON providers (plain_name(city)) WHERE status = 'active';

-- Who works from afar is found wherever they are.
CREATE INDEX provider_services_remote_idx ON provider_services (service_id, provider_id)
    WHERE 'remote' = ANY (places) AND licence IN ('not_needed', 'verified');
