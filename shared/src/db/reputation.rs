//! What a provider's past says of it: numbers beside the provider, always those of the rows they are about.

use diesel::sql_types::{BigInt, Bool, Double, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::statement::statement;
use crate::error::Result;
use crate::model::ProviderId;
use crate::model::reviews::HALF_LIFE_DAYS;

statement! {
    /// Of two that change a provider's past at once, one waits here for the other and then counts what it did: a statement
    /// of its own, as the next one must begin after that.
    Lock { provider: ProviderId => Uuid } -> Bool = "SELECT true FROM providers WHERE id = ? FOR NO KEY UPDATE"
}

statement! {
    /// The formula of the recent mean is that of [`Reputation`](crate::model::reviews::Reputation). Leads count once they
    /// were answered, or could have been for a day.
    Recompute { provider: ProviderId => Uuid, half_life: f64 => Double } -> Bool =
    "WITH a AS (SELECT ?::uuid AS provider_id, ?::float8 * 86400 AS half_life)
     UPDATE providers p
     SET review_count = r.number, rating = CASE WHEN r.number >= 3 THEN r.mean END, rating_mean = r.recent,
       completed_jobs = b.completed, late_cancellations = b.late,
       response_rate = l.rate, response_minutes = l.minutes
     FROM a
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS number, least(5, greatest(1, avg(v.rating)::float8)) AS mean,
         least(5, greatest(1, sum(v.rating * v.weight) / sum(v.weight))) AS recent
       FROM (SELECT rating, exp(-ln(2) * extract(epoch FROM max(created_at) OVER () - created_at)::float8 / a.half_life)
               AS weight
             FROM reviews WHERE provider_id = a.provider_id) v) r
     CROSS JOIN LATERAL (
       SELECT (count(*) FILTER (WHERE status = 'completed'))::int AS completed,
         (count(*) FILTER (WHERE late AND cancelled_by = 'provider'))::int AS late
       FROM bookings WHERE provider_id = a.provider_id) b
     CROSS JOIN LATERAL (
       SELECT avg((answered_at IS NOT NULL AND answered_at < routed_at + interval '24 hours')::int)::float8 AS rate,
         (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - routed_at) / 60))::int AS minutes
       FROM request_matches
       WHERE provider_id = a.provider_id
         AND (answered_at IS NOT NULL OR routed_at <= now() - interval '24 hours')) l
     WHERE p.id = a.provider_id
     RETURNING true"
}

/// Brings all that is kept of a provider's past up to the rows: reviews, bookings, leads. To be called in the transaction
/// that changes one of these, after the change; it locks the provider, so its place is after users, requests and offers,
/// and who locks bookings has locked their provider before.
///
/// # Errors
/// When the database is away.
pub async fn recompute_in(conn: &mut Conn, provider: ProviderId) -> Result<()> {
    let _locked: Vec<bool> = Lock { provider }.get_results(conn).await?;
    let _changed: Vec<bool> = Recompute { provider, half_life: HALF_LIFE_DAYS }.get_results(conn).await?;
    Ok(())
}

statement! {
    /// Whose leads became a day old without an answer: nothing happened then that could have counted them. Rates that are
    /// right already are left alone.
    Ripe { most: i64 => BigInt } -> Uuid =
    "SELECT DISTINCT m.provider_id FROM request_matches m JOIN providers p ON p.id = m.provider_id
     WHERE m.answered_at IS NULL AND m.routed_at BETWEEN now() - interval '48 hours' AND now() - interval '24 hours'
       AND p.response_rate IS DISTINCT FROM (
         SELECT avg((l.answered_at IS NOT NULL AND l.answered_at < l.routed_at + interval '24 hours')::int)::float8
         FROM request_matches l WHERE l.provider_id = p.id
           AND (l.answered_at IS NOT NULL OR l.routed_at <= now() - interval '24 hours'))
     LIMIT ?"
}

/// Providers, up to `most`, whose response rate is not that of their leads any more because time has passed.
///
/// # Errors
/// When the database is away.
pub async fn ripe(conn: &mut Conn, most: i64) -> Result<Vec<ProviderId>> {
    Ok(Ripe { most }.get_results(conn).await?)
}
