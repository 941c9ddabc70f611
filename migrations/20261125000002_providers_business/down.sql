DROP TABLE provider_embeddings;
DROP TABLE provider_templates;
DROP TABLE portfolio_items;
DROP TABLE availability;
DROP TABLE provider_history;
DROP INDEX provider_services_pending_idx;
ALTER TABLE provider_services
    DROP CONSTRAINT provider_services_verified_check,
    DROP CONSTRAINT provider_services_service_id_fkey,
    DROP COLUMN description,
    DROP COLUMN duration_minutes,
    DROP COLUMN licence_number,
    DROP COLUMN licence_expires_on,
    DROP COLUMN licence_note,
    DROP COLUMN created_at;
DROP INDEX providers_spot_idx, providers_reach_idx;
ALTER TABLE providers
    DROP COLUMN headline,
    DROP COLUMN languages,
    DROP COLUMN years_experience,
    DROP COLUMN photo_id,
    DROP COLUMN email,
    DROP COLUMN phone,
    DROP COLUMN street,
    DROP COLUMN auto_offer,
    DROP COLUMN min_price_cents,
    DROP COLUMN external_id,
    DROP COLUMN rating_mean,
    DROP COLUMN completed_jobs,
    DROP COLUMN late_cancellations,
    DROP COLUMN response_rate,
    DROP COLUMN response_minutes;
ALTER TYPE licence_status RENAME VALUE 'pending_verification' TO 'pending';
DROP FUNCTION box_around(float8, float8, float8);
