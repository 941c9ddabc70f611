use actix_web::HttpResponse;
use proxie_shared::auth::SignedIn;
use proxie_shared::model::UserId;

use crate::http::{Answer, Call, None};
use crate::views::admin::UserPath;
use crate::views::consumers::{ConsumerView, GroupedQuery, GroupedView, LocationBody, ProfileBody};
use crate::views::inputs::ListQuery;

/// Read one's profile
///
/// How the provider of a booking reaches the caller, and where they live.
#[utoipa::path(
    get,
    path = "/consumers/me/profile",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn my_profile(call: Call<SignedIn>) -> Answer {
    profile_of(&call, call.actor.user_id()).await
}

/// Read a consumer's profile
///
/// As its owner.
#[utoipa::path(
    get,
    path = "/consumers/{user_id}/profile",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn profile(call: Call<SignedIn, UserPath>) -> Answer {
    profile_of(&call, call.path.user_id).await
}

/// Write one's profile
///
/// In place of what is there; the name stays if it is left out.
#[utoipa::path(
    put,
    path = "/consumers/me/profile",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn put_my_profile(call: Call<SignedIn, None, None, ProfileBody>) -> Answer {
    put_profile_of(&call, call.actor.user_id()).await
}

/// Write a consumer's profile
///
/// As its owner: in place of what is there; the name stays if it is left out.
#[utoipa::path(
    put,
    path = "/consumers/{user_id}/profile",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn put_profile(call: Call<SignedIn, UserPath, None, ProfileBody>) -> Answer {
    put_profile_of(&call, call.path.user_id).await
}

/// Say where one lives now
///
/// What is left out stays, null takes away.
#[utoipa::path(
    patch,
    path = "/consumers/me/location",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn move_me(call: Call<SignedIn, None, None, LocationBody>) -> Answer {
    move_to(&call, call.actor.user_id()).await
}

/// Say where a consumer lives now
///
/// As its owner: what is left out stays, null takes away.
#[utoipa::path(
    patch,
    path = "/consumers/{user_id}/location",
    tag = "consumers",
    responses((status = 200, body = ConsumerView))
)]
pub async fn move_one(call: Call<SignedIn, UserPath, None, LocationBody>) -> Answer {
    move_to(&call, call.path.user_id).await
}

/// See how one's requests stand
///
/// Open, pending with the best offer, upcoming and completed with the booking: how many there are, and the newest.
#[utoipa::path(
    get,
    path = "/consumers/me/requests",
    tag = "consumers",
    responses((status = 200, body = GroupedView))
)]
pub async fn my_requests(call: Call<SignedIn, None, GroupedQuery>) -> Answer {
    requests_of(&call, call.actor.user_id()).await
}

/// See how a consumer's requests stand
///
/// As their owner: open, pending with the best offer, upcoming and completed with the booking.
#[utoipa::path(
    get,
    path = "/consumers/{user_id}/requests",
    tag = "consumers",
    responses((status = 200, body = GroupedView))
)]
pub async fn requests(call: Call<SignedIn, UserPath, GroupedQuery>) -> Answer {
    requests_of(&call, call.path.user_id).await
}

async fn profile_of<P>(call: &Call<SignedIn, P>, id: UserId) -> Answer {
    let consumer = call.app.domain.consumer(&call.actor, id).await?;
    Ok(HttpResponse::Ok().json(ConsumerView::from(consumer)))
}

async fn put_profile_of<P>(call: &Call<SignedIn, P, None, ProfileBody>, id: UserId) -> Answer {
    let consumer = call.app.domain.put_consumer(&call.actor, id, call.body.clone().into()).await?;
    Ok(HttpResponse::Ok().json(ConsumerView::from(consumer)))
}

async fn move_to<P>(call: &Call<SignedIn, P, None, LocationBody>, id: UserId) -> Answer {
    let consumer = call.app.domain.move_consumer(&call.actor, id, call.body.clone().into()).await?;
    Ok(HttpResponse::Ok().json(ConsumerView::from(consumer)))
}

async fn requests_of<P>(call: &Call<SignedIn, P, GroupedQuery>, id: UserId) -> Answer {
    let most = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let grouped = call.app.domain.consumer_requests(&call.actor, id, most).await?;
    Ok(HttpResponse::Ok().json(GroupedView::new(&grouped, call.app.gallery.links())))
}
