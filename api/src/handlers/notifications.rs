use actix_web::HttpResponse;
use proxie_shared::auth::Actor;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::notifications::{
    NotificationPath, NotificationView, NotificationsQuery, NotificationsView, ReadAllView,
};

/// List what one was told
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/notifications",
    tag = "notifications",
    responses((status = 200, body = NotificationsView))
)]
pub async fn list(call: Call<Actor, None, NotificationsQuery>) -> Answer {
    let NotificationsQuery { unread, limit, cursor } = call.query;
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    let unread = unread.unwrap_or(false);
    let told = call.app.domain.notifications(&call.actor, unread, cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(NotificationsView::new(told, limit)))
}

/// Mark a notification as read
///
/// The first time counts.
#[utoipa::path(
    put,
    path = "/notifications/{notification_id}/read",
    tag = "notifications",
    responses((status = 200, body = NotificationView))
)]
pub async fn read(call: Call<Actor, NotificationPath>) -> Answer {
    let read = call.app.domain.read_notification(&call.actor, call.path.notification_id).await?;
    Ok(HttpResponse::Ok().json(NotificationView::from(read)))
}

/// Mark all notifications as read
///
/// Answers how many were not.
#[utoipa::path(
    put,
    path = "/notifications/read_all",
    tag = "notifications",
    responses((status = 200, body = ReadAllView))
)]
pub async fn read_all(call: Call<Actor>) -> Answer {
    let read = call.app.domain.read_notifications(&call.actor).await?;
    Ok(HttpResponse::Ok().json(ReadAllView { read }))
}
