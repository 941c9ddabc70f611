DROP INDEX providers_words_idx, provider_services_words_idx, providers_rating_idx, provider_services_verified_idx;
DROP FUNCTION provider_words(text, text, text, text), service_words(text, text, text[]);
