//! What is said of a provider becomes a vector, by a task.

use crate::db::tasks::{self, NewTask};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::tasks::{Task, TaskKind};
use crate::model::{TaskId, UserId};
use crate::telemetry::trace;

/// Asks for the vector of a user's provider to be made anew, unless that waits already: whoever waits reads what this
/// transaction writes. Answers the new task, which is to be announced once the transaction has ended.
pub(in crate::domain) async fn ask_for_embedding(
    conn: &mut Conn,
    user: UserId,
    trace_id: &str,
) -> Result<Option<Task>> {
    if db::tasks::hold_waiting_embedding(conn, user).await? {
        return Ok(None);
    }
    let task = NewTask {
        id: TaskId::new(),
        kind: TaskKind::Embedding,
        user_id: user,
        request_id: None,
        retry_of: None,
        trace_id: trace_id.to_owned(),
        parent_span: trace::here(),
    };
    tasks::insert(conn, task).await.map(Some)
}
