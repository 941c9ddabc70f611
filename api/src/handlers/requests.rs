use actix_web::HttpResponse;
use proxie_shared::auth::{Consumer, SignedIn};
use proxie_shared::domain::Once;
use proxie_shared::domain::requests::Own;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::reply;
use crate::views::requests::{
    CancelBody, MatchesQuery, MatchesView, PatchBody, PostBody, ReadView, RequestListQuery, RequestPath,
    RequestView, RequestsView,
};

/// Post a request
///
/// A task matches it to providers: poll `task_id`.
#[utoipa::path(
    post,
    path = "/requests",
    tag = "requests",
    responses((
        status = 201,
        description = "Posted.",
        body = RequestView,
        headers(("Location" = String, description = "Where the request is."))
    ))
)]
pub async fn post(call: Call<Consumer, None, None, PostBody>) -> Answer {
    let links = call.app.gallery.links();
    let once = Once::new(call.key.as_ref(), |own: &Own| {
        reply::created(format!("/requests/{}", own.request.id), RequestView::new(own, links))
    });
    let posted =
        call.app.domain.post_request(&call.actor, call.body.clone().into(), &call.trace_id, &once).await?;
    Ok(reply::answer(posted))
}

/// List one's requests
///
/// The newest first.
#[utoipa::path(get, path = "/requests", tag = "requests", responses((status = 200, body = RequestsView)))]
pub async fn list(call: Call<SignedIn, None, RequestListQuery>) -> Answer {
    let RequestListQuery { status, limit, cursor } = call.query;
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    let requests = call.app.domain.requests(&call.actor, status, cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(RequestsView::new(&requests, limit, call.app.gallery.links())))
}

/// Read a request
///
/// A provider that it was routed to reads what a lead shows: nothing by which the consumer could be reached or found.
#[utoipa::path(
    get,
    path = "/requests/{request_id}",
    tag = "requests",
    responses((status = 200, body = ReadView))
)]
pub async fn read(call: Call<SignedIn, RequestPath>) -> Answer {
    let read = call.app.domain.request(&call.actor, call.path.request_id).await?;
    Ok(HttpResponse::Ok().json(ReadView::new(&read, call.app.gallery.links())))
}

/// See whom a request was routed to
///
/// And how the scores came about; by rounds, the best first.
#[utoipa::path(
    get,
    path = "/requests/{request_id}/matches",
    tag = "requests",
    responses((status = 200, body = MatchesView))
)]
pub async fn matches(call: Call<SignedIn, RequestPath, MatchesQuery>) -> Answer {
    let MatchesQuery { limit, cursor } = call.query;
    let limit = limit.unwrap_or(ListQuery::LIMIT);
    let matches =
        call.app.domain.request_matches(&call.actor, call.path.request_id, cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(MatchesView::new(matches, limit)))
}

/// Change a request
///
/// As long as there are no offers. What is left out stays, null takes away. It is matched again, and whoever has not
/// answered is looked at anew.
#[utoipa::path(
    patch,
    path = "/requests/{request_id}",
    tag = "requests",
    responses((status = 200, body = RequestView))
)]
pub async fn change(call: Call<SignedIn, RequestPath, None, PatchBody>) -> Answer {
    let (domain, id) = (&call.app.domain, call.path.request_id);
    let own = domain.change_request(&call.actor, id, call.body.clone().into(), &call.trace_id).await?;
    Ok(HttpResponse::Ok().json(RequestView::new(&own, call.app.gallery.links())))
}

/// Match a request again
///
/// Ten minutes after the last time at the earliest. Poll `task_id`.
#[utoipa::path(
    post,
    path = "/requests/{request_id}/match",
    tag = "requests",
    responses((
        status = 202,
        description = "The matching.",
        body = RequestView,
        headers(("Location" = String, description = "Where the task is."))
    ))
)]
pub async fn rematch(call: Call<SignedIn, RequestPath>) -> Answer {
    let links = call.app.gallery.links();
    let once = Once::new(call.key.as_ref(), |own: &Own| match own.matching {
        Some(matching) => reply::accepted(matching.task_id, RequestView::new(own, links)),
        Option::None => reply::created(format!("/requests/{}", own.request.id), RequestView::new(own, links)),
    });
    let id = call.path.request_id;
    let matching = call.app.domain.rematch_request(&call.actor, id, &call.trace_id, &once).await?;
    Ok(reply::answer(matching))
}

/// Cancel a request
///
/// Its offers are declined, its matching ends. A booked one ends with its booking.
#[utoipa::path(
    post,
    path = "/requests/{request_id}/cancel",
    tag = "requests",
    responses((status = 200, body = RequestView))
)]
pub async fn cancel(call: Call<SignedIn, RequestPath, None, CancelBody>) -> Answer {
    let (id, reason) = (call.path.request_id, call.body.reason.as_deref());
    let own = call.app.domain.cancel_request(&call.actor, id, reason).await?;
    Ok(HttpResponse::Ok().json(RequestView::new(&own, call.app.gallery.links())))
}
