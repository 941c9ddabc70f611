//! What a look at the metrics asks: how much work is open.

use diesel::sql_types::{BigInt, Float8};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::sql_types;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::tasks::{TaskKind, TaskStage};

/// Open tasks of one kind and stage.
#[derive(Clone, Copy, Debug, diesel::Queryable)]
pub struct Open {
    /// What they do.
    pub kind: TaskKind,
    /// Where they stand.
    pub stage: TaskStage,
    /// How many there are.
    pub count: i64,
    /// The age of the oldest, in seconds.
    pub oldest_seconds: f64,
}

statement! {
    /// Two parts, since each has an index of its own.
    CountOpen {} -> (sql_types::TaskKind, sql_types::TaskStage, BigInt, Float8) =
    "SELECT kind, stage, count(*), extract(epoch FROM now() - min(created_at))::float8
     FROM (SELECT kind, stage, created_at FROM tasks WHERE stage IN ('queued', 'retrying')
           UNION ALL SELECT kind, stage, created_at FROM tasks WHERE stage = 'running') open
     GROUP BY kind, stage"
}

/// Counts the open tasks of each kind and stage that has any.
///
/// # Errors
/// When the database is away.
pub async fn open(conn: &mut Conn) -> Result<Vec<Open>> {
    Ok(CountOpen {}.get_results(conn).await?)
}
