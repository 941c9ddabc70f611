//! What time makes of requests.

use chrono::Utc;
use diesel_async::AsyncConnection;

use super::move_to;
use crate::db::notifications::{Notice, tell};
use crate::db::tasks::NewTask;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::notifications::{About, NotificationKind};
use crate::model::requests::RequestStatus;
use crate::model::tasks::{Task, TaskKind};
use crate::model::{RequestId, TaskId};
use crate::queue::Queue;
use crate::telemetry::trace;

/// Expires open requests whose time is over, up to `most`, with their live offers; answers how many. Each in a transaction
/// of its own, so that nobody waits long.
///
/// # Errors
/// When the database is away.
pub async fn expire_requests(queue: &Queue, most: i64) -> Result<usize> {
    let mut conn = queue.db.conn().await?;
    let mut expired = 0;
    for id in db::requests::overdue(&mut conn, most).await? {
        match conn.transaction(async |conn| expire_one(conn, id).await).await {
            Ok(Some(dropped)) => {
                expired += 1;
                queue.announce_cancelled(&dropped).await?;
            }
            Ok(None) => {}
            // The others are not to wait for this one; it comes again.
            Err(error) => {
                tracing::warn!(request_id = %id, causes = error.causes(), "a request was not expired: {error}");
            }
        }
    }
    Ok(expired)
}

/// Looks again, with the request locked; answers the tasks that end with it.
async fn expire_one(conn: &mut Conn, id: RequestId) -> Result<Option<Vec<Task>>> {
    let Some(request) = db::requests::lock_if_free(conn, id).await? else { return Ok(None) };
    if !request.status.is_open() || request.stands_at(Utc::now()) != RequestStatus::Expired {
        return Ok(None);
    }
    move_to(conn, &request, RequestStatus::Expired, None, None).await?;
    let about = About { request_id: Some(id), ..About::default() };
    let mut notices = vec![Notice::new(request.user_id, NotificationKind::RequestExpired, about)];
    for (offer, provider) in db::requests::expire_offers(conn, id, "the request expired").await? {
        let about = About { offer_id: Some(offer), ..about };
        notices.push(Notice::new(provider, NotificationKind::OfferExpired, about));
    }
    tell(conn, &notices).await?;
    Ok(Some(db::tasks::cancel_of_request(conn, id, None).await?))
}

/// Has requests matched again whose time for that has come, up to `most`: those whom nobody fitted, each hour, and those
/// that were routed without an offer; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn match_those_due(queue: &Queue, most: i64) -> Result<usize> {
    let mut conn = queue.db.conn().await?;
    let made = conn.transaction(async |conn| match_taken(conn, most).await).await?;
    for task in &made {
        queue.announce_new(task);
    }
    Ok(made.len())
}

async fn match_taken(conn: &mut Conn, most: i64) -> Result<Vec<Task>> {
    let mut made = Vec::new();
    for (id, owner) in db::requests::take_due(conn, most).await? {
        let task = NewTask {
            id: TaskId::new(),
            kind: TaskKind::Matching,
            user_id: owner,
            request_id: Some(id),
            retry_of: None,
            trace_id: trace::new_id(),
            parent_span: None,
        };
        made.push(db::tasks::insert(conn, task).await?);
    }
    Ok(made)
}
