//! Queries on what people's clients are told. Triggers write it; here it gets its numbers, and is read.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Uuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::locks::{Lock, try_take_till_end};
use super::owned::own;
use super::schema::{live_counters, live_events, live_log};
use super::statement::statement;
use crate::error::Result;
use crate::model::live::{LiveEvent, LiveKind};
use crate::model::{SessionId, TaskId, UserId};

/// Something that got its number.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Numbered {
    /// Its place among everybody's.
    pub position: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// Its number among theirs.
    pub seq: i64,
}

/// More of an answer's text, as a claim of its task has heard it.
#[derive(Clone, Debug)]
pub struct Delta {
    /// The task.
    pub task: TaskId,
    /// The claim: of one that is not the task's any more nothing is told.
    pub claim: i32,
    /// The text, and where it stands.
    pub data: Value,
}

statement! {
    /// What changed again before anybody was told is told once: it is read when it is told. Of deltas each counts.
    Number { most: i64 => BigInt } -> Uuid =
    "WITH waiting AS MATERIALIZED (
       SELECT id, user_id, kind, subject_id FROM live_events WHERE position IS NULL ORDER BY id LIMIT ?
     ), kept AS MATERIALIZED (
       SELECT id, user_id, row_number() OVER (ORDER BY id) AS place,
         row_number() OVER (PARTITION BY user_id ORDER BY id) AS no, count(*) OVER (PARTITION BY user_id) AS theirs
       FROM (SELECT w.*, kind <> 'chat:delta' AND id < max(id) OVER (PARTITION BY user_id, kind, subject_id) AS again
             FROM waiting w) w
       WHERE NOT again
     ), dropped AS (
       DELETE FROM live_events e USING waiting w
       WHERE e.id = w.id AND NOT EXISTS (SELECT FROM kept k WHERE k.id = w.id)
     ), counted AS (
       INSERT INTO live_counters AS c (user_id, last)
       SELECT user_id, count(*) FROM kept GROUP BY user_id ORDER BY user_id
       ON CONFLICT (user_id) DO UPDATE SET last = c.last + excluded.last
       RETURNING c.user_id, c.last
     ), logged AS (
       UPDATE live_log SET last = last + (SELECT count(*) FROM kept)
       RETURNING last - (SELECT count(*) FROM kept) AS before
     )
     UPDATE live_events e SET seq = c.last - k.theirs + k.no, position = l.before + k.place
     FROM kept k JOIN counted c USING (user_id), logged l
     WHERE e.id = k.id RETURNING e.user_id"
}

/// Gives their numbers to events that have none, up to `most`, in the order in which their transactions began to tell;
/// answers to how many, none where another process does so just now. The transaction must end soon.
///
/// # Errors
/// When the database is away.
pub async fn number(conn: &mut Conn, most: i64) -> Result<usize> {
    // A statement sees what was there when it began: so the lock is taken by one before.
    if !try_take_till_end(conn, Lock::Live).await? {
        return Ok(0);
    }
    let numbered: Vec<UserId> = Number { most }.get_results(conn).await?;
    Ok(numbered.len())
}

/// Whether there are events without a number.
///
/// # Errors
/// When the database is away.
pub async fn any_unnumbered(conn: &mut Conn) -> Result<bool> {
    let waiting = live_events::table.filter(live_events::position.is_null());
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn).await?)
}

/// The last place that was given.
///
/// # Errors
/// When the database is away.
pub async fn last_position(conn: &mut Conn) -> Result<i64> {
    Ok(live_log::table.select(live_log::last).get_result(conn).await?)
}

/// What got its number after a place, in order.
///
/// # Errors
/// When the database is away.
pub async fn numbered_after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<Numbered>> {
    Ok(live_events::table
        .filter(live_events::position.gt(position))
        .order(live_events::position)
        .limit(limit)
        .select((
            live_events::position.assume_not_null(),
            live_events::user_id,
            live_events::seq.assume_not_null(),
        ))
        .load(conn)
        .await?)
}

/// The last number that was given to an event of the user's; 0 if none was.
///
/// # Errors
/// When the database is away.
pub async fn last_for(conn: &mut Conn, user: UserId) -> Result<i64> {
    let last = live_counters::table
        .filter(own!("live.last_for", live_counters::user_id, user))
        .select(live_counters::last)
        .get_result(conn)
        .await
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Events of the user's after a number, in order.
///
/// # Errors
/// When the database is away.
pub async fn list_for(conn: &mut Conn, user: UserId, after: i64, limit: i64) -> Result<Vec<LiveEvent>> {
    Ok(live_events::table
        .filter(own!("live.list_for", live_events::user_id, user))
        .filter(live_events::seq.gt(after))
        .order(live_events::seq)
        .limit(limit)
        .select((
            live_events::seq.assume_not_null(),
            live_events::kind,
            live_events::subject_id,
            live_events::data,
            live_events::created_at,
        ))
        .load(conn)
        .await?)
}

/// What of an answer was told in a conversation of the user's after a number and up to another, in order.
///
/// # Errors
/// When the database is away.
pub async fn deltas_for(
    conn: &mut Conn,
    user: UserId,
    session: SessionId,
    (after, up_to): (i64, i64),
    limit: i64,
) -> Result<Vec<LiveEvent>> {
    let of_session = diesel::dsl::sql::<Bool>("data ->> 'session_id' = ")
        .bind::<diesel::sql_types::Text, _>(session.to_string());
    Ok(live_events::table
        .filter(own!("live.deltas_for", live_events::user_id, user))
        .filter(live_events::seq.gt(after).and(live_events::seq.le(up_to)))
        .filter(live_events::kind.eq(LiveKind::ChatDelta).and(of_session))
        .order(live_events::seq)
        .limit(limit)
        .select((
            live_events::seq.assume_not_null(),
            live_events::kind,
            live_events::subject_id,
            live_events::data,
            live_events::created_at,
        ))
        .load(conn)
        .await?)
}

statement! {
    /// Told to whose the task is now, and by its present claim alone.
    TellDeltas {
        tasks: Vec<uuid::Uuid> => Array<Uuid>,
        claims: Vec<i32> => Array<Integer>,
        data: Vec<Value> => Array<Jsonb>,
    } -> Bool =
    "INSERT INTO live_events (user_id, kind, subject_id, data)
     SELECT t.user_id, 'chat:delta', t.id, d.data || jsonb_build_object('task_id', t.id, 'session_id', t.session_id)
     FROM unnest(?, ?, ?) WITH ORDINALITY d (task, claim, data, no)
     JOIN tasks t ON t.id = d.task AND t.claim_no = d.claim AND t.status = 'processing' AND t.session_id IS NOT NULL
     ORDER BY d.no RETURNING true"
}

/// Tells what was said of answers.
///
/// # Errors
/// When the database is away.
pub async fn tell_deltas(conn: &mut Conn, deltas: &[Delta]) -> Result<()> {
    let told = TellDeltas {
        tasks: deltas.iter().map(|delta| delta.task.0).collect(),
        claims: deltas.iter().map(|delta| delta.claim).collect(),
        data: deltas.iter().map(|delta| delta.data.clone()).collect(),
    };
    let _told: Vec<bool> = told.get_results(conn).await?;
    Ok(())
}

statement! {
    /// By the index on when it was told.
    Old { hours: i32 => Integer, most: i64 => BigInt } -> BigInt =
    "DELETE FROM live_events WHERE id IN (
       SELECT id FROM live_events WHERE created_at < now() - make_interval(hours => ?)
       ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING id"
}

/// Deletes what was told more than so many hours ago, up to `most`; answers how much.
///
/// # Errors
/// When the database is away.
pub async fn delete_old(conn: &mut Conn, hours: i32, most: i64) -> Result<usize> {
    let deleted: Vec<i64> = Old { hours, most }.get_results(conn).await?;
    Ok(deleted.len())
}
