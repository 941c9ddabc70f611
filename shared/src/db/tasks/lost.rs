//! What the relay asks: which tasks are due, in nobody's hand and no longer in the queue.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::{TaskSql, task_columns};
use crate::db::Conn;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::error::{Code, Result};
use crate::model::TaskId;
use crate::model::tasks::{Task, TaskKind};

statement! {
    /// Waiting tasks whose entry has left the queue unclaimed, and tasks whose lease ran out.
    TakeLost {
        kinds: Vec<TaskKind> => Array<sql_types::TaskKind>,
        oldest: DateTime<Utc> => Timestamptz,
        most: i64 => BigInt,
        pushed_at: DateTime<Utc> => Timestamptz,
    } -> (Uuid, sql_types::TaskKind) =
    "WITH a AS (SELECT ? AS kinds, ? AS oldest, ? AS most, ? AS pushed_at),
     lost AS MATERIALIZED (
       SELECT t.id FROM tasks t, a
       WHERE t.kind = ANY (a.kinds) AND t.stage IN ('queued', 'retrying') AND t.pushed_at < a.oldest
         AND t.run_at <= now() AND NOT EXISTS (
           SELECT FROM tasks e WHERE e.session_id = t.session_id AND e.status = 'processing' AND e.seq < t.seq)
       UNION ALL
       SELECT t.id FROM tasks t, a
       WHERE t.kind = ANY (a.kinds) AND t.stage = 'running' AND t.lease_until < now() AND t.pushed_at < a.oldest
       LIMIT (SELECT most FROM a)
     ), held AS MATERIALIZED (
       SELECT t.id FROM tasks t JOIN lost USING (id) ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED
     )
     UPDATE tasks t SET pushed_at = a.pushed_at FROM held, a WHERE t.id = held.id RETURNING t.id, t.kind"
}

/// Takes up to `most` tasks that must be pushed again, and notes that they are: those due, in nobody's hand, and
/// last pushed before `oldest`, the time of the oldest entry that is still in the queue.
///
/// # Errors
/// When the database is away.
pub async fn take_lost(
    conn: &mut Conn,
    kinds: Vec<TaskKind>,
    oldest: DateTime<Utc>,
    pushed_at: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(TaskId, TaskKind)>> {
    Ok(TakeLost { kinds, oldest, most, pushed_at }.get_results(conn).await?)
}

statement! {
    /// Tasks that died in the hands of as many workers as are allowed.
    Abandon { code: &'static str => Text, detail: &'static str => Text, max_claims: i32 => Integer } -> TaskSql =
    concat!(
    "WITH a AS (SELECT ? AS code, ? AS detail),
     held AS MATERIALIZED (
       SELECT id FROM tasks WHERE stage = 'running' AND lease_until < now() AND attempts >= ?
       ORDER BY id LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
     )
     UPDATE tasks t SET status = 'failed', stage = 'done', lease_until = NULL, error_code = a.code,
       error_detail = a.detail, claim_no = claim_no + 1, version = version + 1, updated_at = now()
     FROM held, a WHERE t.id = held.id RETURNING ", task_columns!())
}

/// Fails the tasks whose last allowed claim ran out.
///
/// # Errors
/// When the database is away.
pub async fn abandon(conn: &mut Conn, max_claims: i32) -> Result<Vec<Task>> {
    let code = Code::TaskAbandoned;
    let abandon = Abandon { code: code.into(), detail: code.detail(), max_claims };
    Ok(abandon.get_results(conn).await?)
}
