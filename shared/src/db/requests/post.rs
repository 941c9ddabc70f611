//! Posting: everything that is asked and written is one statement.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Double, Nullable, Text, Timestamp, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::idempotency::{self, Keyed, Reply};
use crate::db::memory::{Columns, learn_sql};
use crate::db::owned::owned_sql;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::error::{Code, Error, Result};
use crate::model::catalog::ServicePlace;
use crate::model::memory::Evidence;
use crate::model::requests::{MOST_LIVE, Request, Urgency};
use crate::model::tasks::Task;
use crate::model::{MediaId, ProviderId, RequestId, TaskId, UserId};

/// A request to be posted, with the task that matches it.
pub struct NewPost<'a> {
    /// The request as it will be.
    pub request: &'a Request,
    /// The photos that hang on it, in order, none twice.
    pub media: &'a [MediaId],
    /// Post it although it is like a live one.
    pub allow_duplicate: bool,
    /// The task as it will be.
    pub task: &'a Task,
    /// The call's key with its answer, if it is to be posted once.
    pub keyed: Option<Keyed>,
}

statement! {
    /// Locks the consumer's row, and then counts what is live: `live_requests` sees what others committed while the lock
    /// was waited for. Answers why nothing was posted, or that it was, or that the key is there already.
    Post {
        id: RequestId => Uuid,
        user: UserId => Uuid,
        service: String => Text,
        city: String => Text,
        zone: String => Text,
        latitude: Option<f64> => Nullable<Double>,
        longitude: Option<f64> => Nullable<Double>,
        place: Option<ServicePlace> => Nullable<sql_types::ServicePlace>,
        max_distance_km: Option<f64> => Nullable<Double>,
        window_from: Option<NaiveDateTime> => Nullable<Timestamp>,
        window_to: Option<NaiveDateTime> => Nullable<Timestamp>,
        urgency: Urgency => sql_types::Urgency,
        budget_min_cents: Option<i64> => Nullable<BigInt>,
        budget_max_cents: Option<i64> => Nullable<BigInt>,
        budget_currency: Option<String> => Nullable<Text>,
        description: String => Text,
        specializations: Vec<Option<String>> => Array<Nullable<Text>>,
        expires_at: DateTime<Utc> => Timestamptz,
        created_at: DateTime<Utc> => Timestamptz,
        media: Vec<MediaId> => Array<Uuid>,
        most_live: i64 => BigInt,
        allow_duplicate: bool => Bool,
        task: TaskId => Uuid,
        trace: String => Text,
        parent_span: Option<String> => Nullable<Text>,
        route: Option<String> => Nullable<Text>,
        key: Option<String> => Nullable<Text>,
        sent: Option<Vec<u8>> => Nullable<Bytea>,
        answer: Option<String> => Nullable<Text>,
        keys: Vec<String> => Array<Text>,
        services: Vec<String> => Array<Text>,
        sames: Vec<String> => Array<Text>,
        learned: Vec<Option<String>> => Array<Nullable<Text>>,
        amounts: Vec<Option<i64>> => Array<Nullable<BigInt>>,
        currencies: Vec<Option<String>> => Array<Nullable<Text>>,
        providers: Vec<Option<ProviderId>> => Array<Nullable<Uuid>>,
    } -> Text = concat!(
    "WITH a AS MATERIALIZED (
       SELECT ? AS id, ? AS owner, ? AS service_id, ? AS city, ? AS zone, ? AS latitude, ? AS longitude, ? AS place,
         ? AS max_distance_km, ? AS window_from, ? AS window_to, ? AS urgency, ? AS budget_min_cents,
         ? AS budget_max_cents, ? AS budget_currency, ? AS description, ? AS specializations, ? AS expires_at,
         ? AS created_at, ? AS media, ? AS most_live, ? AS allow_duplicate, ? AS task_id, ? AS trace_id,
         ? AS parent_span, ? AS route, ? AS key, ? AS sent, ? AS answer, ? AS keys, ? AS services, ? AS sames,
         ? AS learned_values, ? AS amounts, ? AS currencies, ? AS providers
     ), consumer AS MATERIALIZED (
       SELECT u.id FROM users u JOIN a ON u.id = a.owner WHERE u.status = 'active' FOR NO KEY UPDATE OF u
     ), photos AS MATERIALIZED (
       SELECT m.id, g.n FROM a, unnest(a.media) WITH ORDINALITY g (id, n)
       JOIN media m ON m.id = g.id AND m.ready_at IS NOT NULL
       WHERE ", owned_sql!("requests.post.media", "m.user_id = a.owner"), "
     ), live AS MATERIALIZED (
       SELECT l.* FROM consumer, live_requests(consumer.id) l
     ), verdict AS MATERIALIZED (
       SELECT CASE
         WHEN NOT EXISTS (SELECT FROM consumer) THEN 'account_closed'
         WHEN (SELECT count(*) FROM photos) < cardinality(a.media) THEN 'not_yours'
         WHEN (SELECT count(*) FROM live) >= a.most_live THEN 'too_many_live'
         WHEN NOT a.allow_duplicate AND EXISTS (
           SELECT FROM live l WHERE l.service_id = a.service_id AND plain_name(l.city) = plain_name(a.city)
             AND (l.window_from IS NULL OR a.window_from IS NULL
                  OR l.window_from <= a.window_to AND a.window_from <= l.window_to)) THEN 'duplicate_request'
         END AS refusal
       FROM a
     ), keyed AS (
       INSERT INTO idempotency_keys (user_id, route, key, sent, answer)
       SELECT a.owner, a.route, a.key, a.sent, a.answer::json FROM a, verdict
       WHERE verdict.refusal IS NULL AND a.key IS NOT NULL
       ON CONFLICT (user_id, route, key) DO UPDATE
         SET sent = excluded.sent, answer = excluded.answer, created_at = now()
         WHERE idempotency_keys.created_at < now() - interval '24 hours'
       RETURNING true
     ), fresh AS MATERIALIZED (
       SELECT a.* FROM a, verdict
       WHERE verdict.refusal IS NULL AND (a.key IS NULL OR EXISTS (SELECT FROM keyed))
     ), made AS (
       INSERT INTO requests (id, user_id, service_id, city, zone, latitude, longitude, place, max_distance_km,
         window_from, window_to, urgency, budget_min_cents, budget_max_cents, budget_currency, description,
         specializations, expires_at, created_at, updated_at)
       SELECT id, owner, service_id, city, zone, latitude, longitude, place, max_distance_km, window_from, window_to,
         urgency, budget_min_cents, budget_max_cents, budget_currency, description, specializations, expires_at,
         created_at, created_at FROM fresh
     ), hung AS (
       INSERT INTO request_media (request_id, media_id, position)
       SELECT fresh.id, photos.id, photos.n FROM fresh, photos
     ), learned AS (
       ", learn_sql!("fresh"), "
     ), asked AS (
       INSERT INTO tasks (id, kind, user_id, request_id, trace_id, parent_span, created_at, updated_at)
       SELECT task_id, 'matching', owner, id, trace_id, parent_span, created_at, created_at FROM fresh
       RETURNING true
     )
     SELECT coalesce(verdict.refusal, CASE WHEN EXISTS (SELECT FROM asked) THEN 'posted' ELSE 'answered' END)
     FROM verdict")
}

/// Posts a request and the task that matches it, and learns from it; answers what the same call was answered before, if it was.
///
/// # Errors
/// `account_closed`, `not_yours` when a photo is not the consumer's, `too_many_live`, `duplicate_request`;
/// `idempotency_mismatch`, `idempotency_in_flight`.
pub async fn post(conn: &mut Conn, new: NewPost<'_>) -> Result<Option<Reply>> {
    let NewPost { request, media, allow_duplicate, task, keyed } = new;
    let Request { id, user_id: user, .. } = *request;
    let key = keyed.as_ref().map(|keyed| keyed.key.clone());
    let columns = Columns::of(Evidence::of_request(request));
    let Columns { keys, services, sames, values: learned, amounts, currencies, providers } = columns;
    let statement = Post {
        id,
        user,
        service: request.service_id.clone(),
        city: request.city.clone(),
        zone: request.zone.clone(),
        latitude: request.latitude,
        longitude: request.longitude,
        place: request.place,
        max_distance_km: request.max_distance_km,
        window_from: request.window_from,
        window_to: request.window_to,
        urgency: request.urgency,
        budget_min_cents: request.budget_min_cents,
        budget_max_cents: request.budget_max_cents,
        budget_currency: request.budget_currency.clone(),
        description: request.description.clone(),
        specializations: request.specializations.clone(),
        expires_at: request.expires_at,
        created_at: request.created_at,
        media: media.to_vec(),
        most_live: MOST_LIVE,
        allow_duplicate,
        task: task.id,
        trace: task.trace_id.clone(),
        parent_span: task.parent_span.clone(),
        route: key.as_ref().map(|key| key.route.clone()),
        key: key.as_ref().map(|key| key.key.clone()),
        sent: key.as_ref().map(|key| key.sent.clone()),
        answer: keyed.map(|keyed| keyed.answer),
        keys,
        services,
        sames,
        learned,
        amounts,
        currencies,
        providers,
    };
    let said: Result<Vec<String>> = statement.get_results(conn).await.map_err(Error::from);
    let said = said.map_err(|error| match key {
        // The first call with the key holds the consumer's row, or the key itself.
        Some(_) if error.is_lock_timeout() => Error::new(Code::IdempotencyInFlight).because(error),
        _ => error,
    })?;
    let said = said.into_iter().next().unwrap_or_default();
    if said == "posted" {
        return Ok(None);
    }
    // The same call may have been answered, and what it made be in its own way now.
    if let Some(key) = &key
        && let Some(reply) = idempotency::find(conn, key).await?
    {
        return Ok(Some(reply));
    }
    Err(said.parse().unwrap_or(Code::Internal).into())
}
