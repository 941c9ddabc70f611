//! Posting: everything that is asked and written is one statement, for many consumers at once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::sql_types::{
    Array, BigInt, Bool, Bytea, Double, Jsonb, Nullable, Text, Timestamp, Timestamptz, Uuid,
};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use crate::db::idempotency::{self, Keyed, Reply};
use crate::db::memory::{Columns, learn_sql};
use crate::db::owned::owned_sql;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::db::together::{Patience, Together};
use crate::db::{Conn, Db};
use crate::error::{Code, Error, Result};
use crate::model::catalog::ServicePlace;
use crate::model::memory::Evidence;
use crate::model::requests::{MOST_LIVE, Request, Urgency};
use crate::model::tasks::Task;
use crate::model::{MediaId, ProviderId, RequestId, TaskId, UserId};

/// A request to be posted, with the task that matches it.
#[derive(Debug)]
pub struct NewPost {
    /// The request as it will be.
    pub request: Request,
    /// The photos that hang on it, in order, none twice.
    pub media: Vec<MediaId>,
    /// Post it although it is like a live one.
    pub allow_duplicate: bool,
    /// The task as it will be.
    pub task: Task,
    /// The call's key with its answer, if it is to be posted once.
    pub keyed: Option<Keyed>,
}

statement! {
    /// Locks the consumers' rows in order of id, and then counts what is live: `live_requests` sees what others committed while
    /// the lock was waited for. No consumer may be among them twice. Answers of each request why it was not posted, or that it
    /// was, or that the key is there already.
    ///
    /// Nothing is waited for longer than `patience`: the limit lasts as long as the statement.
    Post {
        ids: Vec<RequestId> => Array<Uuid>,
        users: Vec<UserId> => Array<Uuid>,
        services: Vec<String> => Array<Text>,
        cities: Vec<String> => Array<Text>,
        zones: Vec<String> => Array<Text>,
        latitudes: Vec<Option<f64>> => Array<Nullable<Double>>,
        longitudes: Vec<Option<f64>> => Array<Nullable<Double>>,
        places: Vec<Option<ServicePlace>> => Array<Nullable<sql_types::ServicePlace>>,
        max_distances_km: Vec<Option<f64>> => Array<Nullable<Double>>,
        windows_from: Vec<Option<NaiveDateTime>> => Array<Nullable<Timestamp>>,
        windows_to: Vec<Option<NaiveDateTime>> => Array<Nullable<Timestamp>>,
        urgencies: Vec<Urgency> => Array<sql_types::Urgency>,
        budgets_min_cents: Vec<Option<i64>> => Array<Nullable<BigInt>>,
        budgets_max_cents: Vec<Option<i64>> => Array<Nullable<BigInt>>,
        budgets_currency: Vec<Option<String>> => Array<Nullable<Text>>,
        descriptions: Vec<String> => Array<Text>,
        specializations: Vec<Value> => Array<Jsonb>,
        expire_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        created_at: Vec<DateTime<Utc>> => Array<Timestamptz>,
        media: Vec<Value> => Array<Jsonb>,
        allow_duplicates: Vec<bool> => Array<Bool>,
        tasks: Vec<TaskId> => Array<Uuid>,
        traces: Vec<String> => Array<Text>,
        parent_spans: Vec<Option<String>> => Array<Nullable<Text>>,
        routes: Vec<Option<String>> => Array<Nullable<Text>>,
        keys: Vec<Option<String>> => Array<Nullable<Text>>,
        sent: Vec<Option<Vec<u8>>> => Array<Nullable<Bytea>>,
        answers: Vec<Option<String>> => Array<Nullable<Text>>,
        patience: Option<&'static str> => Nullable<Text>,
        most_live: i64 => BigInt,
        learned_of: Vec<RequestId> => Array<Uuid>,
        learned_keys: Vec<String> => Array<Text>,
        learned_services: Vec<String> => Array<Text>,
        learned_sames: Vec<String> => Array<Text>,
        learned_values: Vec<Option<String>> => Array<Nullable<Text>>,
        learned_amounts: Vec<Option<i64>> => Array<Nullable<BigInt>>,
        learned_currencies: Vec<Option<String>> => Array<Nullable<Text>>,
        learned_providers: Vec<Option<ProviderId>> => Array<Nullable<Uuid>>,
    } -> (Uuid, Text) = concat!(
    "WITH a AS MATERIALIZED (
       SELECT g.* FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         WITH ORDINALITY AS g (id, owner, service_id, city, zone, latitude, longitude, place, max_distance_km, window_from,
           window_to, urgency, budget_min_cents, budget_max_cents, budget_currency, description, specializations,
           expires_at, created_at, media, allow_duplicate, task_id, trace_id, parent_span, route, key, sent, answer, n),
         set_config('lock_timeout', coalesce(?, current_setting('lock_timeout')), true)
     ), consumers AS MATERIALIZED (
       SELECT u.id FROM users u WHERE u.id IN (SELECT owner FROM a) AND u.status = 'active'
       ORDER BY u.id FOR NO KEY UPDATE
     ), photos AS MATERIALIZED (
       SELECT a.n, m.id, x.n AS position
       FROM a CROSS JOIN LATERAL jsonb_array_elements_text(a.media) WITH ORDINALITY AS x (id, n)
       JOIN media m ON m.id = x.id::uuid AND m.ready_at IS NOT NULL
       WHERE ", owned_sql!("requests.post.media", "m.user_id = a.owner"), "
     ), live AS MATERIALIZED (
       SELECT c.id AS owner, l.service_id, l.city, l.window_from, l.window_to
       FROM consumers c CROSS JOIN LATERAL live_requests(c.id) l
     ), verdicts AS MATERIALIZED (
       SELECT a.n, CASE
         WHEN NOT EXISTS (SELECT FROM consumers c WHERE c.id = a.owner) THEN 'account_closed'
         WHEN (SELECT count(*) FROM photos p WHERE p.n = a.n) < jsonb_array_length(a.media) THEN 'not_yours'
         WHEN (SELECT count(*) FROM live l WHERE l.owner = a.owner) >= ? THEN 'too_many_live'
         WHEN NOT a.allow_duplicate AND EXISTS (
           SELECT FROM live l WHERE l.owner = a.owner AND l.service_id = a.service_id
             AND plain_name(l.city) = plain_name(a.city)
             AND (l.window_from IS NULL OR a.window_from IS NULL
                  OR l.window_from <= a.window_to AND a.window_from <= l.window_to)) THEN 'duplicate_request'
         END AS refusal
       FROM a
     ), keyed AS (
       INSERT INTO idempotency_keys (user_id, route, key, sent, answer)
       SELECT a.owner, a.route, a.key, a.sent, a.answer::json FROM a JOIN verdicts v USING (n)
       WHERE v.refusal IS NULL AND a.key IS NOT NULL ORDER BY a.owner
       ON CONFLICT (user_id, route, key) DO UPDATE
         SET sent = excluded.sent, answer = excluded.answer, created_at = now()
         WHERE idempotency_keys.created_at < now() - interval '24 hours'
       RETURNING user_id
     ), fresh AS MATERIALIZED (
       SELECT a.* FROM a JOIN verdicts v USING (n)
       WHERE v.refusal IS NULL AND (a.key IS NULL OR a.owner IN (SELECT user_id FROM keyed))
     ), made AS (
       INSERT INTO requests (id, user_id, service_id, city, zone, latitude, longitude, place, max_distance_km,
         window_from, window_to, urgency, budget_min_cents, budget_max_cents, budget_currency, description,
         specializations, expires_at, created_at, updated_at)
       SELECT id, owner, service_id, city, zone, latitude, longitude, place, max_distance_km, window_from, window_to,
         urgency, budget_min_cents, budget_max_cents, budget_currency, description,
         ARRAY (SELECT jsonb_array_elements_text(specializations)), expires_at, created_at, created_at FROM fresh
     ), hung AS (
       INSERT INTO request_media (request_id, media_id, position)
       SELECT fresh.id, photos.id, photos.position FROM fresh JOIN photos USING (n)
     ), lessons AS (
       SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY
         AS l (request_id, key, service_id, same, value, amount_cents, currency, provider_id, at)
     ), learned AS (
       ", learn_sql!("g.owner", "(SELECT fresh.owner, l.key, l.service_id, l.same, l.value, l.amount_cents, l.currency,
         l.provider_id FROM fresh JOIN lessons l ON l.request_id = fresh.id ORDER BY l.at) g"), "
     ), asked AS (
       INSERT INTO tasks (id, kind, user_id, request_id, trace_id, parent_span, created_at, updated_at)
       SELECT task_id, 'matching', owner, id, trace_id, parent_span, created_at, created_at FROM fresh
       RETURNING request_id
     )
     SELECT a.id, coalesce(v.refusal, CASE WHEN a.id IN (SELECT request_id FROM asked) THEN 'posted' ELSE 'answered' END)
     FROM a JOIN verdicts v USING (n)")
}

/// Posts requests of many consumers together.
pub struct Posts(Together<NewPost, Option<Reply>>);

impl Posts {
    /// Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(db: Db) -> Self {
        Self(Together::start(db, |conn, posts, patience| {
            Box::pin(async move { post_all(conn, &posts, patience).await })
        }))
    }

    /// Posts a request and the task that matches it, and learns from it; answers what the same call was answered before, if it
    /// was. Of a caller who stops waiting, one that has not been sent yet is dropped; one that has goes on.
    ///
    /// # Errors
    /// `account_closed`, `not_yours` when a photo is not the consumer's, `too_many_live`, `duplicate_request`;
    /// `idempotency_mismatch`, `idempotency_in_flight`; `unavailable` when too many wait or the database is away.
    pub async fn post(&self, post: NewPost) -> Result<Option<Reply>> {
        let is_keyed = post.keyed.is_some();
        match self.0.submit(post).await {
            // The first call with the key holds the consumer's row, or the key itself.
            Err(error) if error.is_lock_timeout() && is_keyed => {
                Err(Error::new(Code::IdempotencyInFlight).because(error))
            }
            answer => answer,
        }
    }
}

/// Posts one in a transaction of the caller's.
///
/// # Errors
/// As [`Posts::post`].
pub async fn post(conn: &mut Conn, post: NewPost) -> Result<Option<Reply>> {
    let answers = post_all(conn, &[Arc::new(post)], Patience::AsIs).await?;
    answers.into_iter().next().flatten().unwrap_or_else(|| Err(Code::Internal.into()))
}

/// Answers each in order. Who posts twice at once is served once: what is live counts the first only when it is there.
async fn post_all(
    conn: &mut Conn,
    posts: &[Arc<NewPost>],
    patience: Patience,
) -> Result<Vec<Option<Result<Option<Reply>>>>> {
    let mut owners = HashSet::new();
    let first: Vec<&NewPost> =
        posts.iter().map(AsRef::as_ref).filter(|post| owners.insert(post.request.user_id)).collect();
    let said: Vec<(RequestId, String)> = statement(&first, patience).get_results(conn).await?;
    let mut said: HashMap<RequestId, String> = said.into_iter().collect();
    let mut answers = Vec::with_capacity(posts.len());
    for post in posts {
        answers.push(match said.remove(&post.request.id) {
            Some(said) => Some(answer(conn, post, &said).await),
            None => None,
        });
    }
    Ok(answers)
}

fn statement(posts: &[&NewPost], patience: Patience) -> Post {
    let requests = || posts.iter().map(|post| &post.request);
    let keys = || posts.iter().map(|post| post.keyed.as_ref().map(|keyed| &keyed.key));
    let lessons: Vec<(RequestId, Evidence)> = requests()
        .flat_map(|request| Evidence::of_request(request).into_iter().map(|lesson| (request.id, lesson)))
        .collect();
    let (learned_of, lessons): (Vec<RequestId>, Vec<Evidence>) = lessons.into_iter().unzip();
    let learned = Columns::of(lessons);
    Post {
        ids: requests().map(|request| request.id).collect(),
        users: requests().map(|request| request.user_id).collect(),
        services: requests().map(|request| request.service_id.clone()).collect(),
        cities: requests().map(|request| request.city.clone()).collect(),
        zones: requests().map(|request| request.zone.clone()).collect(),
        latitudes: requests().map(|request| request.latitude).collect(),
        longitudes: requests().map(|request| request.longitude).collect(),
        places: requests().map(|request| request.place).collect(),
        max_distances_km: requests().map(|request| request.max_distance_km).collect(),
        windows_from: requests().map(|request| request.window_from).collect(),
        windows_to: requests().map(|request| request.window_to).collect(),
        urgencies: requests().map(|request| request.urgency).collect(),
        budgets_min_cents: requests().map(|request| request.budget_min_cents).collect(),
        budgets_max_cents: requests().map(|request| request.budget_max_cents).collect(),
        budgets_currency: requests().map(|request| request.budget_currency.clone()).collect(),
        descriptions: requests().map(|request| request.description.clone()).collect(),
        specializations: requests().map(|request| json!(request.specializations)).collect(),
        expire_at: requests().map(|request| request.expires_at).collect(),
        created_at: requests().map(|request| request.created_at).collect(),
        media: posts.iter().map(|post| json!(post.media)).collect(),
        allow_duplicates: posts.iter().map(|post| post.allow_duplicate).collect(),
        tasks: posts.iter().map(|post| post.task.id).collect(),
        traces: posts.iter().map(|post| post.task.trace_id.clone()).collect(),
        parent_spans: posts.iter().map(|post| post.task.parent_span.clone()).collect(),
        routes: keys().map(|key| key.map(|key| key.route.clone())).collect(),
        keys: keys().map(|key| key.map(|key| key.key.clone())).collect(),
        sent: keys().map(|key| key.map(|key| key.sent.clone())).collect(),
        answers: posts.iter().map(|post| post.keyed.as_ref().map(|keyed| keyed.answer.clone())).collect(),
        patience: patience.lock_timeout(),
        most_live: MOST_LIVE,
        learned_of,
        learned_keys: learned.keys,
        learned_services: learned.services,
        learned_sames: learned.sames,
        learned_values: learned.values,
        learned_amounts: learned.amounts,
        learned_currencies: learned.currencies,
        learned_providers: learned.providers,
    }
}

async fn answer(conn: &mut Conn, post: &NewPost, said: &str) -> Result<Option<Reply>> {
    if said == "posted" {
        return Ok(None);
    }
    // The same call may have been answered, and what it made be in its own way now.
    if let Some(keyed) = &post.keyed
        && let Some(reply) = idempotency::find(conn, &keyed.key).await?
    {
        return Ok(Some(reply));
    }
    Err(said.parse().unwrap_or(Code::Internal).into())
}
