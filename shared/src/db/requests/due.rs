//! Requests that something is to become of without anybody asking.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::requests;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::requests::Request;
use crate::model::{RequestId, UserId};

statement! {
    /// By their index.
    Overdue { most: i64 => BigInt } -> Uuid =
    "SELECT id FROM requests
     WHERE status IN ('matching', 'matched', 'offers_received') AND expires_at <= now()
     ORDER BY expires_at LIMIT ?"
}

/// Open requests whose time is over, the longest first, up to `most`.
///
/// # Errors
/// When the database is away.
pub async fn overdue(conn: &mut Conn, most: i64) -> Result<Vec<RequestId>> {
    Ok(Overdue { most }.get_results(conn).await?)
}

/// Any request, locked till the transaction ends; none if somebody else has it, or it is gone.
///
/// # Errors
/// When the database is away.
pub async fn lock_if_free(conn: &mut Conn, id: RequestId) -> Result<Option<Request>> {
    Ok(requests::table
        .find(id)
        .select(Request::as_select())
        .for_no_key_update()
        .skip_locked()
        .get_result(conn)
        .await
        .optional()?)
}

statement! {
    /// Those whose time to be matched again has come and, should a matching have been lost, those of whom nothing is said.
    /// Should this one be lost too, they come again in an hour.
    TakeDue { most: i64 => BigInt } -> (Uuid, Uuid) =
    "WITH due AS MATERIALIZED (
       SELECT r.id FROM requests r
       WHERE r.status IN ('matching', 'matched') AND r.expires_at > now()
         AND (r.next_match_at <= now()
           OR r.next_match_at IS NULL AND coalesce(r.matched_at, r.created_at) <= now() - interval '1 hour'
              AND (r.status = 'matching' OR coalesce(r.matched_at, r.created_at) <= now() - interval '6 hours'))
         AND NOT EXISTS (
           SELECT FROM tasks t WHERE t.request_id = r.id AND t.kind = 'matching' AND t.status = 'processing')
       LIMIT ? FOR NO KEY UPDATE OF r SKIP LOCKED
     )
     UPDATE requests r SET next_match_at = now() + interval '1 hour' FROM due WHERE r.id = due.id
     RETURNING r.id, r.user_id"
}

/// Takes up to `most` requests that are to be matched again and are not being matched; answers them with their owners.
/// They are locked till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn take_due(conn: &mut Conn, most: i64) -> Result<Vec<(RequestId, UserId)>> {
    Ok(TakeDue { most }.get_results(conn).await?)
}
