//! What is deleted because it is old.

use diesel::sql_types::{BigInt, Integer, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::statement::statement;
use crate::error::Result;
use crate::model::{EnrollmentId, TaskId};

statement! {
    /// Their history and what they name go with them; who is about to change one keeps it.
    Drafts { most: i64 => BigInt } -> Uuid =
    "DELETE FROM enrollments WHERE id IN (
       SELECT id FROM enrollments WHERE status IN ('draft', 'rejected') AND expires_at <= now()
       ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
     RETURNING id"
}

/// Deletes enrollments that were never handed in, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn drafts(conn: &mut Conn, most: i64) -> Result<usize> {
    let deleted: Vec<EnrollmentId> = Drafts { most }.get_results(conn).await?;
    Ok(deleted.len())
}

statement! {
    /// What came out and how. The row stays: it is what messages and requests tell of.
    Results { days: i32 => Integer, most: i64 => BigInt } -> Uuid =
    "WITH old AS MATERIALIZED (
       SELECT id FROM tasks
       WHERE stage = 'done' AND swept_at IS NULL AND updated_at < now() - make_interval(days => ?)
       ORDER BY updated_at LIMIT ? FOR NO KEY UPDATE SKIP LOCKED
     ), steps AS (
       DELETE FROM task_steps s USING old WHERE s.task_id = old.id
     )
     UPDATE tasks t SET swept_at = now(), result = CASE WHEN t.result IS NOT NULL THEN 'null'::jsonb END
     FROM old WHERE t.id = old.id RETURNING t.id"
}

/// Forgets results and steps of tasks that ended more than so many days ago, of up to `most`; answers of how many.
///
/// # Errors
/// When the database is away.
pub async fn results(conn: &mut Conn, days: i32, most: i64) -> Result<usize> {
    let swept: Vec<TaskId> = Results { days, most }.get_results(conn).await?;
    Ok(swept.len())
}
