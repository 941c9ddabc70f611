-- What providers are searched by: the words that they say of themselves, and of what they offer.
CREATE FUNCTION provider_words(name text, headline text, bio text, city text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector('english'::regconfig, name || ' ' || headline || ' ' || city || ' ' || bio);
-- `array_to_string` is not immutable, as not all types are written the same for ever; text is.
CREATE FUNCTION service_words(service_id text, description text, specializations text[]) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_tsvector('english'::regconfig, replace(service_id, '_', ' ') || ' ' || array_to_string(specializations, ' ')
        || ' ' || description);
CREATE INDEX providers_words_idx ON providers USING gin (provider_words(name, headline, bio, city))
    WHERE status = 'active';
CREATE INDEX provider_services_words_idx ON provider_services
    USING gin (service_words(service_id, description, specializations));
-- The best first; and who is at least so good.
CREATE INDEX providers_rating_idx ON providers (coalesce(rating, 0) DESC, id DESC) WHERE status = 'active';
-- Who has a licence that was seen.
CREATE INDEX provider_services_verified_idx ON provider_services (provider_id) WHERE licence = 'verified';
