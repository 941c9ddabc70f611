//! Queries on requests and their matches.

mod cancel;
mod change;
mod due;
mod matches;
mod moves;
mod post;
mod read;

pub use cancel::{decline_offers, expire_offers};
pub use change::{change, forget_next_match, hang, is_duplicate, unroute};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
pub use due::{lock_if_free, overdue, take_due};
pub use matches::{Matched, matches};
pub use moves::{move_to, moved_by};
pub use post::{NewPost, Posts, post};
pub use read::{Matching, matchings, media_of, page_for};

use super::Conn;
use super::owned::{own, owned};
use super::schema::requests;
use crate::auth::Scope;
use crate::error::{Code, Result};
use crate::model::requests::Request;
use crate::model::{RequestId, UserId};

/// All requests of a consumer, in order.
///
/// # Errors
/// When the database is away.
pub async fn list_for(conn: &mut Conn, owner: UserId) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(own!("requests.list_for", requests::user_id, owner))
        .order(requests::id)
        .select(Request::as_select())
        .load(conn)
        .await?)
}

/// Any request; for workers.
///
/// # Errors
/// When the database is away or there is none.
pub async fn find(conn: &mut Conn, id: RequestId) -> Result<Request> {
    requests::table
        .find(id)
        .select(Request::as_select())
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(|| Code::Internal.into())
}

/// Any requests, in order of id.
///
/// # Errors
/// When the database is away.
pub async fn find_all(conn: &mut Conn, ids: &[RequestId]) -> Result<Vec<Request>> {
    let query = requests::table.filter(requests::id.eq_any(ids)).order(requests::id);
    Ok(query.select(Request::as_select()).load(conn).await?)
}

/// Those of some requests that are in this scope.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[RequestId]) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(requests::id.eq_any(ids).and(owned!("requests.all_for", requests::user_id, whose)))
        .select(Request::as_select())
        .load(conn)
        .await?)
}

/// A request in this scope.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: RequestId) -> Result<Request> {
    Ok(requests::table
        .filter(requests::id.eq(id).and(owned!("requests.find_for", requests::user_id, whose)))
        .select(Request::as_select())
        .get_result(conn)
        .await?)
}

/// A request in this scope, locked till the transaction ends.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn lock_for(conn: &mut Conn, whose: Scope, id: RequestId) -> Result<Request> {
    Ok(requests::table
        .filter(requests::id.eq(id).and(owned!("requests.lock_for", requests::user_id, whose)))
        .select(Request::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await?)
}

/// Any requests, locked in order of id till the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn lock_all(conn: &mut Conn, ids: &[RequestId]) -> Result<Vec<Request>> {
    Ok(requests::table
        .filter(requests::id.eq_any(ids))
        .order(requests::id)
        .select(Request::as_select())
        .for_no_key_update()
        .load(conn)
        .await?)
}
