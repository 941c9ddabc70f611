//! The one way in which a request changes its status.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::{request_history, sql_types};
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::requests::RequestStatus;
use crate::model::{RequestId, UserId};

statement! {
    /// The move and what is written down of it: both or neither.
    Move {
        id: RequestId => Uuid,
        from: RequestStatus => sql_types::RequestStatus,
        to: RequestStatus => sql_types::RequestStatus,
        actor: Option<UserId> => Nullable<Uuid>,
        note: Option<String> => Nullable<Text>,
    } -> Bool =
    r#"WITH a AS (SELECT ? AS id, ? AS before, ? AS after, ? AS actor_id, ? AS note),
     moved AS (
       UPDATE requests r SET status = a.after, updated_at = now()
       FROM a WHERE r.id = a.id AND r.status = a.before RETURNING r.id
     )
     INSERT INTO request_history (request_id, "from", "to", actor_id, note)
     SELECT a.id, a.before, a.after, a.actor_id, a.note FROM a JOIN moved ON moved.id = a.id
     RETURNING true"#
}

/// Moves a request and writes down who did it (nobody: time or a task) and why; answers whether it stood as said. The
/// domain has asked whether the move is a legal one.
///
/// # Errors
/// When the database is away.
pub async fn move_to(
    mut conn: &Conn,
    id: RequestId,
    from: RequestStatus,
    to: RequestStatus,
    actor: Option<UserId>,
    note: Option<&str>,
) -> Result<bool> {
    let statement = Move { id, from, to, actor, note: note.map(str::to_owned) };
    let moved: Vec<bool> = statement.get_results(&mut conn).await?;
    Ok(!moved.is_empty())
}

/// Who moved a request there last, if somebody did and it was neither time nor a task.
///
/// # Errors
/// When the database is away.
pub async fn moved_by(conn: &mut Conn, id: RequestId, to: RequestStatus) -> Result<Option<UserId>> {
    let actor: Option<Option<UserId>> = request_history::table
        .filter(request_history::request_id.eq(id).and(request_history::to.eq(to)))
        .order(request_history::at.desc())
        .select(request_history::actor_id)
        .first(conn)
        .await
        .optional()?;
    Ok(actor.flatten())
}
