//! Whom a request is routed to.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Bool, Double, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::{ProviderId, RequestId, UserId};

/// Whom a request shall be routed to.
#[derive(Clone, Debug, Default)]
pub struct Routing {
    /// Who.
    pub providers: Vec<ProviderId>,
    /// 0 to 1, of each.
    pub scores: Vec<f64>,
    /// How each score came about, as JSON.
    pub factors: Vec<String>,
}

/// A provider that a request is routed to.
#[derive(Clone, Copy, Debug, diesel::Queryable)]
pub struct Routed {
    /// Who.
    pub provider_id: ProviderId,
    /// Whose that is.
    pub user_id: UserId,
    /// Whether their agent answers.
    pub auto_offer: bool,
}

statement! {
    /// Who has stopped taking work since they were found is left out.
    Route {
        request: RequestId => Uuid,
        providers: Vec<ProviderId> => Array<Uuid>,
        scores: Vec<f64> => Array<Double>,
        factors: Vec<String> => Array<Text>,
    } -> (Uuid, Uuid, Bool) =
    "WITH this AS MATERIALIZED (
       SELECT a.request_id,
         1 + coalesce((SELECT max(m.round) FROM request_matches m WHERE m.request_id = a.request_id), 0) AS round
       FROM (SELECT ?::uuid AS request_id) a
     ), given AS (
       SELECT g.*, p.user_id, p.auto_offer FROM unnest(?::uuid[], ?::float8[], ?::text[]) AS g (provider_id, score, factors)
       JOIN providers p ON p.id = g.provider_id AND p.status = 'active'
       JOIN users u ON u.id = p.user_id AND u.status = 'active'
     ), routed AS (
       INSERT INTO request_matches (request_id, provider_id, score, factors, round)
       SELECT this.request_id, given.provider_id, given.score, given.factors::jsonb, this.round
       FROM this, given ON CONFLICT DO NOTHING RETURNING provider_id
     )
     SELECT g.provider_id, g.user_id, g.auto_offer FROM given g JOIN routed r ON r.provider_id = g.provider_id
     ORDER BY g.score DESC, g.provider_id"
}

/// Routes a request, whose row the caller has locked, to providers, as one round; answers those that it is new to.
///
/// # Errors
/// When the database is away.
pub async fn route(conn: &mut Conn, request: RequestId, routing: Routing) -> Result<Vec<Routed>> {
    let Routing { providers, scores, factors } = routing;
    Ok(Route { request, providers, scores, factors }.get_results(conn).await?)
}

statement! {
    HasOpenLead { request: RequestId => Uuid } -> Bool =
    "SELECT EXISTS (SELECT FROM request_matches m
       JOIN providers p ON p.id = m.provider_id AND p.status = 'active'
       JOIN users u ON u.id = p.user_id AND u.status = 'active'
       WHERE m.request_id = ? AND m.passed_at IS NULL)"
}

/// Whether somebody at work was asked for a request, and has not passed.
///
/// # Errors
/// When the database is away.
pub async fn has_open_lead(mut conn: &Conn, request: RequestId) -> Result<bool> {
    let found: Vec<bool> = HasOpenLead { request }.get_results(&mut conn).await?;
    Ok(found.contains(&true))
}

/// What is written down of a matching.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// When it was.
    pub matched_at: DateTime<Utc>,
    /// When the next is due if nothing happens.
    pub next_match_at: DateTime<Utc>,
    /// Whether the consumer is told that nobody fits.
    pub no_match: bool,
}

statement! {
    /// Answers whether the consumer had not been told before that nobody fits. A request that was woken since somebody took
    /// it to be matched stays awake: the matching may have looked before there was what woke it.
    Note {
        id: RequestId => Uuid,
        matched_at: DateTime<Utc> => Timestamptz,
        next_match_at: DateTime<Utc> => Timestamptz,
        no_match: bool => Bool,
    } -> Bool =
    "WITH a AS MATERIALIZED (SELECT ?::uuid AS id, ?::timestamptz AS matched_at, ?::timestamptz AS next_match_at, ?::bool AS no_match),
     before AS MATERIALIZED (SELECT r.no_match_told_at FROM requests r WHERE r.id = (SELECT id FROM a))
     UPDATE requests r SET matched_at = a.matched_at,
       next_match_at = CASE WHEN r.next_match_at <= now() THEN r.next_match_at ELSE a.next_match_at END,
       no_match_told_at = CASE WHEN a.no_match THEN coalesce(r.no_match_told_at, a.matched_at) ELSE r.no_match_told_at END
     FROM a WHERE r.id = a.id
     RETURNING a.no_match AND (SELECT no_match_told_at IS NULL FROM before)"
}

/// Writes down a matching of a request, whose row the caller has locked; answers whether the consumer is to be told, for
/// the first time, that nobody fits.
///
/// # Errors
/// When the database is away.
pub async fn note(mut conn: &Conn, id: RequestId, noted: Noted) -> Result<bool> {
    let Noted { matched_at, next_match_at, no_match } = noted;
    let told: Vec<bool> = Note { id, matched_at, next_match_at, no_match }.get_results(&mut conn).await?;
    Ok(told.contains(&true))
}

statement! {
    /// What somebody else has locked is being matched, or moved, or woken. Who is too far away by any rule is left alone.
    Wake { providers: Vec<ProviderId> => Array<Uuid> } -> Uuid =
    "WITH woken AS MATERIALIZED (
       SELECT r.id FROM providers p
       JOIN provider_services s ON s.provider_id = p.id AND is_bookable(s.licence, s.licence_expires_on)
       JOIN requests r ON r.service_id = s.service_id
       WHERE p.id = ANY (?) AND p.status = 'active'
         AND r.status = 'matching' AND r.expires_at > now() AND (r.next_match_at IS NULL OR r.next_match_at > now())
         AND ('remote' = ANY (s.places) OR coalesce(
           distance_km(r.latitude, r.longitude, p.latitude, p.longitude)
             <= greatest(p.radius_km, coalesce(r.max_distance_km, 25)), plain_name(r.city) = plain_name(p.city)))
       FOR NO KEY UPDATE OF r SKIP LOCKED
     )
     UPDATE requests r SET next_match_at = now() FROM woken WHERE r.id = woken.id RETURNING r.id"
}

/// Has the requests matched again soon that nobody fits yet and that ask for what providers now offer; answers how many.
/// The last thing in a transaction, as requests are locked before providers: it waits for none.
///
/// # Errors
/// When the database is away.
pub async fn wake(conn: &mut Conn, providers: &[ProviderId]) -> Result<usize> {
    let woken: Vec<RequestId> = Wake { providers: providers.to_vec() }.get_results(conn).await?;
    Ok(woken.len())
}
