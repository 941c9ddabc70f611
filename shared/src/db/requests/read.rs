//! What is shown with requests.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::owned::own;
use crate::db::schema::{media, request_media, requests, tasks};
use crate::error::Result;
use crate::model::media::Media;
use crate::model::requests::{Request, RequestStatus};
use crate::model::tasks::{TaskKind, TaskStatus};
use crate::model::{RequestId, TaskId, UserId};

/// A page of a consumer's requests, the newest first; of one status if it is given.
///
/// # Errors
/// When the database is away.
pub async fn page_for(
    conn: &mut Conn,
    owner: UserId,
    status: Option<RequestStatus>,
    before: Option<RequestId>,
    limit: i64,
) -> Result<Vec<Request>> {
    let mut query = requests::table
        .filter(own!("requests.page_for", requests::user_id, owner))
        .order(requests::id.desc())
        .limit(limit)
        .select(Request::as_select())
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(requests::status.eq(status));
    }
    if let Some(before) = before {
        query = query.filter(requests::id.lt(before));
    }
    Ok(query.load(conn).await?)
}

/// The latest matching of a request.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Matching {
    /// Of which.
    pub request_id: RequestId,
    /// The task.
    pub task_id: TaskId,
    /// How it stands.
    pub status: TaskStatus,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// The latest matching of each request that has one.
///
/// # Errors
/// When the database is away.
pub async fn matchings(conn: &mut Conn, ids: &[RequestId]) -> Result<Vec<Matching>> {
    let rows: Vec<(Option<RequestId>, TaskId, TaskStatus, DateTime<Utc>)> = tasks::table
        .filter(tasks::request_id.eq_any(ids).and(tasks::kind.eq(TaskKind::Matching)))
        .distinct_on(tasks::request_id)
        .order((tasks::request_id, tasks::id.desc()))
        .select((tasks::request_id, tasks::id, tasks::status, tasks::created_at))
        .load(conn)
        .await?;
    let matching = |(request_id, task_id, status, created_at)| {
        let request_id: Option<RequestId> = request_id;
        request_id.map(|request_id| Matching { request_id, task_id, status, created_at })
    };
    Ok(rows.into_iter().filter_map(matching).collect())
}

/// The photos that hang on each of some requests, in order.
///
/// # Errors
/// When the database is away.
pub async fn media_of(conn: &mut Conn, ids: &[RequestId]) -> Result<HashMap<RequestId, Vec<Media>>> {
    let photos: Vec<(RequestId, Media)> = request_media::table
        .inner_join(media::table.on(media::id.eq(request_media::media_id)))
        .filter(request_media::request_id.eq_any(ids))
        .order((request_media::request_id, request_media::position))
        .select((request_media::request_id, Media::as_select()))
        .load(conn)
        .await?;
    let mut of_each: HashMap<RequestId, Vec<Media>> = HashMap::new();
    for (request, photo) in photos {
        of_each.entry(request).or_default().push(photo);
    }
    Ok(of_each)
}
