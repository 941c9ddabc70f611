//! Queries on tasks. A worker's writes name the claim they belong to: the fence.
//!
//! Transactions that lock several rows take the user first, then tasks in order of id, then conversations in order of
//! id, so that they cannot wait for each other in a ring.

mod claims;
mod lost;
mod open;

use chrono::{DateTime, Utc};
pub use claims::{Claimed, Ended, Outcome, Pause, Reply, claim, end, held, hold, pause, renew};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
pub use lost::{abandon, take_lost};
pub use open::{Open, open};
use serde_json::Value;

use super::Conn;
use super::owned::{own, owned};
use super::schema::{sql_types, tasks};
use crate::auth::Scope;
use crate::error::{Code, Error, Result};
use crate::model::tasks::{Task, TaskKind, TaskStage, TaskStatus};
use crate::model::{RequestId, SessionId, TaskId, UserId};
use crate::telemetry;

/// What PostgreSQL calls the columns of a [`Task`], in its order.
pub(super) type TaskSql = diesel::dsl::SqlTypeOf<diesel::dsl::AsSelect<Task, diesel::pg::Pg>>;

/// The columns of a [`Task`], of a table or CTE named `t`.
macro_rules! task_columns {
    () => {
        "t.id, t.kind, t.user_id, t.session_id, t.message_id, t.request_id, t.retry_of, t.status, t.stage, t.step, \
         t.attempts, t.claim_no, t.version, t.result, t.error_code, t.error_detail, t.effects, t.trace_id, \
         t.created_at, t.updated_at, t.parent_span"
    };
}
pub(super) use task_columns;

/// A task in this scope.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: TaskId) -> Result<Task> {
    Ok(tasks::table
        .filter(tasks::id.eq(id).and(owned!("tasks.find_for", tasks::user_id, whose)))
        .select(Task::as_select())
        .get_result(conn)
        .await?)
}

/// Those of `ids` that are in this scope, in any order.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[TaskId]) -> Result<Vec<Task>> {
    Ok(tasks::table
        .filter(tasks::id.eq_any(ids).and(owned!("tasks.all_for", tasks::user_id, whose)))
        .select(Task::as_select())
        .load(conn)
        .await?)
}

/// Any task; for operators and workers.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, id: TaskId) -> Result<Option<Task>> {
    Ok(tasks::table.find(id).select(Task::as_select()).get_result(conn).await.optional()?)
}

/// Those of `ids` that have ended.
///
/// # Errors
/// When the database is away.
pub async fn ended_of(conn: &mut Conn, ids: &[TaskId]) -> Result<Vec<TaskId>> {
    Ok(tasks::table
        .filter(tasks::id.eq_any(ids).and(tasks::status.ne(TaskStatus::Processing)))
        .select(tasks::id)
        .load(conn)
        .await?)
}

/// Ends a running or waiting task as cancelled; answers nothing if it had ended.
///
/// # Errors
/// When the database is away.
pub async fn cancel(conn: &mut Conn, id: TaskId) -> Result<Option<Task>> {
    Ok(diesel::update(tasks::table.filter(tasks::id.eq(id).and(tasks::status.eq(TaskStatus::Processing))))
        .set(cancelled())
        .returning(Task::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// Cancels what works on a request, whose row the caller has locked; only of one kind if it is given.
///
/// # Errors
/// When the database is away.
pub async fn cancel_of_request(
    conn: &mut Conn,
    request: RequestId,
    kind: Option<TaskKind>,
) -> Result<Vec<Task>> {
    // In order of id, as everybody locks tasks.
    let open: Vec<(TaskId, TaskKind)> = tasks::table
        .filter(tasks::request_id.eq(request).and(tasks::status.eq(TaskStatus::Processing)))
        .order(tasks::id)
        .select((tasks::id, tasks::kind))
        .for_no_key_update()
        .load(conn)
        .await?;
    let open = open.into_iter().filter(|(_, of)| kind.is_none_or(|kind| kind == *of)).map(|(id, _)| id);
    Ok(diesel::update(tasks::table.filter(tasks::id.eq_any(open.collect::<Vec<_>>())))
        .set(cancelled())
        .returning(Task::as_select())
        .get_results(conn)
        .await?)
}

/// Locks the open tasks of a conversation.
///
/// # Errors
/// When the database is away.
pub async fn lock_of_session(conn: &mut Conn, session: SessionId) -> Result<()> {
    tasks::table
        .filter(tasks::session_id.eq(session).and(tasks::status.eq(TaskStatus::Processing)))
        .order(tasks::id)
        .select(tasks::id)
        .for_update()
        .load::<TaskId>(conn)
        .await?;
    Ok(())
}

/// Deletes all tasks of a conversation; answers them as they were.
///
/// # Errors
/// When the database is away.
pub async fn delete_of_session(conn: &mut Conn, session: SessionId) -> Result<Vec<Task>> {
    Ok(diesel::delete(tasks::table.filter(tasks::session_id.eq(session)))
        .returning(Task::as_select())
        .get_results(conn)
        .await?)
}

/// The change that cancels.
#[derive(AsChangeset)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
struct Cancelled {
    status: TaskStatus,
    stage: TaskStage,
    lease_until: Option<DateTime<Utc>>,
}

/// What every cancellation changes beside, by the database's own count and clock.
type Stamped = (
    diesel::dsl::Eq<tasks::version, diesel::dsl::Add<tasks::version, i32>>,
    diesel::dsl::Eq<tasks::updated_at, diesel::dsl::now>,
);

fn cancelled() -> (Cancelled, Stamped) {
    let change = Cancelled { status: TaskStatus::Cancelled, stage: TaskStage::Done, lease_until: None };
    (change, (tasks::version.eq(tasks::version + 1), tasks::updated_at.eq(diesel::dsl::now)))
}

/// A task outside any conversation, to be inserted.
#[derive(Insertable)]
#[diesel(table_name = tasks)]
pub struct NewTask {
    /// Its id.
    pub id: TaskId,
    /// What it does.
    pub kind: TaskKind,
    /// Whose it is.
    pub user_id: UserId,
    /// The request it is about.
    pub request_id: Option<RequestId>,
    /// The ended task that it repeats.
    pub retry_of: Option<TaskId>,
    /// Joins the logs.
    pub trace_id: String,
    /// The span that makes it.
    pub parent_span: Option<String>,
}

/// Inserts a task outside any conversation.
///
/// # Errors
/// When the database is away or refuses.
pub async fn insert(conn: &mut Conn, task: NewTask) -> Result<Task> {
    Ok(diesel::insert_into(tasks::table).values(task).returning(Task::as_select()).get_result(conn).await?)
}

/// Whether a task that makes the vector of a user's provider waits for a worker; none takes it before this transaction
/// ends. One that a worker is just taking has not waited.
///
/// # Errors
/// When the database is away.
pub async fn hold_waiting_embedding(conn: &mut Conn, user: UserId) -> Result<bool> {
    let waiting: Vec<TaskId> = tasks::table
        .filter(own!("tasks.hold_waiting_embedding", tasks::user_id, user))
        .filter(tasks::kind.eq(TaskKind::Embedding).and(tasks::stage.eq(TaskStage::Queued)))
        .select(tasks::id)
        .for_no_key_update()
        .skip_locked()
        .load(conn)
        .await?;
    Ok(!waiting.is_empty())
}

/// A new task with the input of one that failed or was cancelled, in the order of its conversation's next
/// message; asked again, the same retry, unless that one failed too: then the next. An ended task stays as it is.
///
/// # Errors
/// `not_yours`; `illegal_move` while it runs or when it completed.
pub async fn retry_for(conn: &mut Conn, whose: Scope, id: TaskId, trace_id: &str) -> Result<Task> {
    let mut old = find_for(conn, whose, id).await?;
    while let Some(retry) = retry_of(conn, old.id).await? {
        if !matches!(retry.status, TaskStatus::Failed | TaskStatus::Cancelled) {
            return Ok(retry);
        }
        old = retry;
    }
    if !matches!(old.status, TaskStatus::Failed | TaskStatus::Cancelled) {
        return Err(Error::new(Code::IllegalMove)
            .detail("Only a task that failed or was cancelled can be tried again."));
    }
    statement_retry(conn, &old, trace_id).await?;
    retry_of(conn, old.id).await?.ok_or_else(Error::not_yours)
}

async fn retry_of(conn: &mut Conn, id: TaskId) -> Result<Option<Task>> {
    Ok(tasks::table
        .filter(tasks::retry_of.eq(id))
        .select(Task::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

super::statement::statement! {
    /// Two retries at once meet at the unique `retry_of`: the second changes nothing.
    Retry { old: TaskId => diesel::sql_types::Uuid, new: TaskId => diesel::sql_types::Uuid,
            trace: String => diesel::sql_types::Text,
            parent_span: Option<String> => diesel::sql_types::Nullable<diesel::sql_types::Text> } -> diesel::sql_types::Uuid =
    "WITH old AS (SELECT * FROM tasks WHERE id = ?),
     turn AS (
       UPDATE chat_sessions s SET last_seq = s.last_seq + 1 FROM old
       WHERE s.id = old.session_id RETURNING s.last_seq
     ), made AS (
       INSERT INTO tasks (id, kind, user_id, session_id, seq, message_id, request_id, retry_of, trace_id,
                          parent_span)
       SELECT ?, old.kind, old.user_id, old.session_id, (SELECT last_seq FROM turn), old.message_id, old.request_id,
              old.id, ?, ?
       FROM old WHERE old.session_id IS NULL OR EXISTS (SELECT FROM turn)
       ON CONFLICT (retry_of) DO NOTHING RETURNING id, message_id
     ), answered AS (
       UPDATE chat_messages m SET task_id = made.id FROM made WHERE m.id = made.message_id
     )
     SELECT id FROM made"
}

async fn statement_retry(conn: &mut Conn, old: &Task, trace_id: &str) -> Result<()> {
    let trace = trace_id.to_owned();
    let retry = Retry { old: old.id, new: TaskId::new(), trace, parent_span: telemetry::trace::here() };
    let _made_or_there: Vec<TaskId> = retry.get_results(conn).await?;
    Ok(())
}

super::statement::statement! {
    /// The first waiting task of each conversation.
    NextInSessions { sessions: Vec<SessionId> => diesel::sql_types::Array<diesel::sql_types::Uuid> }
    -> (diesel::sql_types::Uuid, sql_types::TaskKind, sql_types::TaskStage) =
    "SELECT DISTINCT ON (session_id) id, kind, stage FROM tasks
     WHERE session_id = ANY (?) AND status = 'processing' ORDER BY session_id, seq"
}

/// The tasks that may run now that an earlier one of their conversation has ended.
///
/// # Errors
/// When the database is away.
pub async fn next_in_sessions(conn: &mut Conn, sessions: Vec<SessionId>) -> Result<Vec<(TaskId, TaskKind)>> {
    let next: Vec<(TaskId, TaskKind, TaskStage)> = NextInSessions { sessions }.get_results(conn).await?;
    Ok(next
        .into_iter()
        .filter(|(_, _, stage)| *stage == TaskStage::Queued)
        .map(|(id, kind, _)| (id, kind))
        .collect())
}

/// The ids of the first `most` waiting tasks of a kind, in order.
///
/// # Errors
/// When the database is away.
pub async fn waiting(conn: &mut Conn, kind: TaskKind, most: i64) -> Result<Vec<TaskId>> {
    Ok(tasks::table
        .filter(tasks::kind.eq(kind).and(tasks::stage.eq(TaskStage::Queued)))
        .order(tasks::id)
        .limit(most)
        .select(tasks::id)
        .load(conn)
        .await?)
}

/// The newest tasks, for an operator; of one status and made before one, if these are given.
///
/// # Errors
/// When the database is away.
pub async fn list(
    conn: &mut Conn,
    status: Option<TaskStatus>,
    before: Option<TaskId>,
    limit: i64,
) -> Result<Vec<Task>> {
    let mut query = tasks::table.select(Task::as_select()).order(tasks::id.desc()).into_boxed();
    if let Some(before) = before {
        query = query.filter(tasks::id.lt(before));
    }
    if let Some(status) = status {
        // In the text, not beside it: a plan that knows how few there are of it goes by its index.
        query =
            query.filter(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("tasks.status = '{status}'")));
    }
    Ok(query.limit(limit).load(conn).await?)
}

/// The effects of a step that has none: for [`hold`].
#[must_use]
pub fn no_effects() -> Value {
    Value::Array(Vec::new())
}
