//! What models cost: budgets, reserved before a call and settled after it, and what each call came to.
//!
//! Money is reserved by functions of the database (see the migration): one round trip for many calls, each row locked
//! before it is read, so that workers that know nothing of each other cannot spend the same money. Redis would be quicker
//! by some tenths of a millisecond, and forgets: emptied or restored, it would let everybody spend the day's budget again.
//! Without PostgreSQL no task runs anyway, so here budgets add no way to fail.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::Conn;
use super::owned::owned_sql;
use super::schema::sql_types;
use super::statement::statement;
use crate::config::BudgetsConfig;
use crate::error::Result;
use crate::model::UserId;
use crate::model::usage::{Budget, Feature, UsageLine, Whose};

/// What a call wants to reserve.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The id of the reservation.
    pub id: Uuid,
    /// Whose budgets.
    pub whose: Whose,
    /// The most that the call can cost, in millionths of a dollar.
    pub micros: i64,
    /// When the reservation lapses if nothing is heard of the call.
    pub lasts: Duration,
}

statement! {
    /// Guests first, then by whose it is: the order in which everybody locks budgets.
    ///
    /// Everybody sees it at once, but the disk is not waited for. Should PostgreSQL crash right then, what calls in flight had
    /// reserved can be reserved again by others; what they cost is charged nevertheless when they end (`llm_settle`).
    Reserve {
        ids: Vec<Uuid> => Array<SqlUuid>,
        payers: Vec<UserId> => Array<SqlUuid>,
        sessions: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        micros: Vec<i64> => Array<BigInt>,
        seconds: Vec<f64> => Array<Double>,
        guests: i64 => BigInt, address: i64 => BigInt, user: i64 => BigInt, session: i64 => BigInt,
    } -> (SqlUuid, Nullable<sql_types::LlmBudget>) =
    "WITH l AS (SELECT ?::uuid[] AS ids, ?::uuid[] AS payers, ?::uuid[] AS sessions, ?::bigint[] AS micros,
                       ?::double precision[] AS seconds, ?::bigint AS g, ?::bigint AS a, ?::bigint AS u, ?::bigint AS s)
     SELECT w.id, llm_reserve(w.id, w.payer, w.session, w.micros, make_interval(secs => w.seconds), w.g, w.a, w.u, w.s)
     FROM (
       SELECT w.*, l.g, l.a, l.u, l.s
       FROM l CROSS JOIN set_config('synchronous_commit', 'off', true)
         CROSS JOIN LATERAL unnest(l.ids, l.payers, l.sessions, l.micros, l.seconds)
         AS w (id, payer, session, micros, seconds)
       LEFT JOIN users p ON p.id = w.payer AND p.role = 'guest'
       ORDER BY p.id IS NULL, p.guest_address, w.payer, w.session
     ) w"
}

/// Reserves for each call, of all budgets that it falls under or of none; answers in order which budget has too
/// little left.
///
/// # Errors
/// When the database is away.
pub async fn reserve(
    conn: &mut Conn,
    wanted: &[Wanted],
    limits: BudgetsConfig,
) -> Result<Vec<Option<Budget>>> {
    let statement = Reserve {
        ids: wanted.iter().map(|one| one.id).collect(),
        payers: wanted.iter().map(|one| one.whose.user_id).collect(),
        sessions: wanted.iter().map(|one| one.whose.session_id.map(|id| id.0)).collect(),
        micros: wanted.iter().map(|one| one.micros).collect(),
        seconds: wanted.iter().map(|one| one.lasts.as_secs_f64()).collect(),
        guests: limits.guests_day,
        address: limits.address_day,
        user: limits.user_day,
        session: limits.session,
    };
    let answers: Vec<(Uuid, Option<Budget>)> = statement.get_results(conn).await?;
    let answer =
        |one: &Wanted| answers.iter().find(|(id, _)| *id == one.id).and_then(|(_, used_up)| *used_up);
    Ok(wanted.iter().map(answer).collect())
}

statement! {
    UsedUp {
        guests: i64 => BigInt, address: i64 => BigInt, user: i64 => BigInt, session: i64 => BigInt,
        payers: Vec<UserId> => Array<SqlUuid>,
        sessions: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        micros: Vec<i64> => Array<BigInt>,
    } -> Nullable<sql_types::LlmBudget> =
    "SELECT llm_used_up(w.payer, w.session, w.micros, ?, ?, ?, ?)
     FROM unnest(?::uuid[], ?::uuid[], ?::bigint[]) WITH ORDINALITY AS w (payer, session, micros, at) ORDER BY w.at"
}

/// Of calls that were refused answers in order which budget is used up by what is spent; none where only calls in flight, with
/// what they have reserved, stand in the way.
///
/// # Errors
/// When the database is away.
pub async fn used_up(
    conn: &mut Conn,
    refused: &[Wanted],
    limits: BudgetsConfig,
) -> Result<Vec<Option<Budget>>> {
    let statement = UsedUp {
        guests: limits.guests_day,
        address: limits.address_day,
        user: limits.user_day,
        session: limits.session,
        payers: refused.iter().map(|one| one.whose.user_id).collect(),
        sessions: refused.iter().map(|one| one.whose.session_id.map(|id| id.0)).collect(),
        micros: refused.iter().map(|one| one.micros).collect(),
    };
    Ok(statement.get_results(conn).await?)
}

statement! {
    Release {} -> BigInt = "SELECT llm_release()"
}

/// Gives back what calls have reserved that were not heard of in time; answers how many these were.
///
/// # Errors
/// When the database is away.
pub async fn release(conn: &mut Conn) -> Result<i64> {
    Ok(Release {}.get_result(conn).await?)
}

/// What a call of a provider came to.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// In whose name.
    pub whose: Whose,
    /// What for.
    pub feature: Feature,
    /// The provider's name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Tokens sent.
    pub prompt_tokens: u32,
    /// Tokens received.
    pub completion_tokens: u32,
    /// What it cost, in millionths of a dollar.
    pub cost_micros: i64,
    /// How long it took.
    pub latency: Duration,
    /// Whether no provider was called.
    pub cached: bool,
    /// `ok`, `cancelled`, or the code of what went wrong.
    pub outcome: &'static str,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// The reservation in whose place the cost comes.
    pub reservation: Option<Uuid>,
}

statement! {
    /// Written twice, each counts once. A conversation's calls are its owner's, who may be another by now; those of who has
    /// left are nobody's.
    ///
    /// Budgets are locked in the order of [`Reserve`], by whose the call was and not by what is left of its reservation: that may
    /// be lost, and holds nobody whose limit is none.
    Write {
        ids: Vec<Uuid> => Array<SqlUuid>,
        users: Vec<UserId> => Array<SqlUuid>,
        sessions: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        tasks: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
        features: Vec<Feature> => Array<sql_types::LlmFeature>,
        providers: Vec<String> => Array<Text>,
        models: Vec<String> => Array<Text>,
        prompts: Vec<i32> => Array<Integer>,
        completions: Vec<i32> => Array<Integer>,
        costs: Vec<i64> => Array<BigInt>,
        latencies: Vec<i32> => Array<Integer>,
        cached: Vec<bool> => Array<Bool>,
        outcomes: Vec<&'static str> => Array<Text>,
        ats: Vec<DateTime<Utc>> => Array<Timestamptz>,
        reservations: Vec<Option<Uuid>> => Array<Nullable<SqlUuid>>,
    } -> Bool =
    "WITH given AS MATERIALIZED (
       SELECT g.* FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         AS g (id, user_id, session_id, task_id, feature, provider, model, prompt, completion, cost, latency, cached, outcome,
               at, reservation)
     ), owned AS (
       SELECT g.*, u.id AS owner, CASE WHEN u.id IS NOT NULL THEN g.session_id END AS session,
         CASE WHEN u.id IS NOT NULL THEN g.task_id END AS task
       FROM given g LEFT JOIN chat_sessions s ON s.id = g.session_id
         LEFT JOIN users u ON u.id = coalesce(s.user_id, g.user_id) AND u.status <> 'deleted'
     ), written AS (
       INSERT INTO llm_usage (id, user_id, session_id, task_id, feature, provider, model, prompt_tokens, completion_tokens,
         cost_micros, latency_ms, cached, outcome, at)
       SELECT id, owner, session, task, feature, provider, model, prompt, completion, cost, latency, cached, outcome, at
       FROM owned ON CONFLICT (id) DO NOTHING RETURNING id
     )
     SELECT llm_settle(g.reservation, g.user_id, g.session_id, g.cost) FROM (
       SELECT g.* FROM given g JOIN written w ON w.id = g.id LEFT JOIN users p ON p.id = g.user_id AND p.role = 'guest'
       WHERE g.reservation IS NOT NULL ORDER BY p.id IS NULL, p.guest_address, g.user_id, g.session_id
     ) g"
}

/// Writes what calls came to, and puts that in the place of what they had reserved.
///
/// # Errors
/// When the database is away.
pub async fn write(conn: &mut Conn, entries: &[Entry]) -> Result<()> {
    let statement = Write {
        ids: entries.iter().map(|one| one.id).collect(),
        users: entries.iter().map(|one| one.whose.user_id).collect(),
        sessions: entries.iter().map(|one| one.whose.session_id.map(|id| id.0)).collect(),
        tasks: entries.iter().map(|one| one.whose.task_id.map(|id| id.0)).collect(),
        features: entries.iter().map(|one| one.feature).collect(),
        providers: entries.iter().map(|one| one.provider.clone()).collect(),
        models: entries.iter().map(|one| one.model.clone()).collect(),
        prompts: entries.iter().map(|one| whole(one.prompt_tokens)).collect(),
        completions: entries.iter().map(|one| whole(one.completion_tokens)).collect(),
        costs: entries.iter().map(|one| one.cost_micros).collect(),
        latencies: entries.iter().map(|one| whole(one.latency.as_millis())).collect(),
        cached: entries.iter().map(|one| one.cached).collect(),
        outcomes: entries.iter().map(|one| one.outcome).collect(),
        ats: entries.iter().map(|one| one.at).collect(),
        reservations: entries.iter().map(|one| one.reservation).collect(),
    };
    let _settled: Vec<bool> = statement.get_results(conn).await?;
    Ok(())
}

/// As PostgreSQL's integer.
fn whole(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

type LineSql = (Date, sql_types::LlmFeature, Text, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
type Line = (NaiveDate, Feature, String, i64, i64, i64, i64, i64, i64);

/// What calls come to by day, feature and model, the newest day first.
macro_rules! lines {
    ($($whose:tt)+) => {
        concat!(
            "SELECT (at AT TIME ZONE 'UTC')::date AS day, feature, model, count(*), count(*) FILTER (WHERE cached),
               count(*) FILTER (WHERE outcome <> 'ok'), sum(prompt_tokens)::bigint, sum(completion_tokens)::bigint,
               sum(cost_micros)::bigint
             FROM llm_usage WHERE ",
            $($whose)+,
            " AND at >= (?::date)::timestamp AT TIME ZONE 'UTC' AND at < (?::date + 1)::timestamp AT TIME ZONE 'UTC'
             GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3"
        )
    };
}

statement! {
    OfUser { user: UserId => SqlUuid, from: NaiveDate => Date, to: NaiveDate => Date } -> LineSql =
    lines!(owned_sql!("usage.mine", "user_id = ?"))
}

statement! {
    OfAll { from: NaiveDate => Date, to: NaiveDate => Date } -> LineSql = lines!("true")
}

/// What a user's calls came to, from one day to another, both included.
///
/// # Errors
/// When the database is away.
pub async fn of_user(
    conn: &mut Conn,
    user: UserId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<UsageLine>> {
    let lines: Vec<Line> = OfUser { user, from, to }.get_results(conn).await?;
    Ok(lines.into_iter().map(line).collect())
}

/// What everybody's calls came to, from one day to another, both included.
///
/// # Errors
/// When the database is away.
pub async fn of_all(conn: &mut Conn, from: NaiveDate, to: NaiveDate) -> Result<Vec<UsageLine>> {
    let lines: Vec<Line> = OfAll { from, to }.get_results(conn).await?;
    Ok(lines.into_iter().map(line).collect())
}

fn line(line: Line) -> UsageLine {
    let (day, feature, model, calls, cached, failed, prompt_tokens, completion_tokens, cost_micros) = line;
    UsageLine { day, feature, model, calls, cached, failed, prompt_tokens, completion_tokens, cost_micros }
}

statement! {
    Sweep { most: i64 => BigInt } -> Date =
    "DELETE FROM llm_budgets WHERE (scope, key, day) IN (
       SELECT b.scope, b.key, b.day FROM llm_budgets b
       WHERE b.reserved_micros = 0 AND CASE
         WHEN b.scope = 'session' THEN NOT EXISTS (SELECT FROM chat_sessions s WHERE s.id = b.key)
         ELSE b.day < current_date - 2 END
       LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING day"
}

/// Deletes budgets of days that are over and of conversations that are gone, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn sweep(conn: &mut Conn, most: i64) -> Result<usize> {
    release(conn).await?;
    let swept: Vec<NaiveDate> = Sweep { most }.get_results(conn).await?;
    Ok(swept.len())
}
