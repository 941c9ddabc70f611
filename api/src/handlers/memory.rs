use actix_web::HttpResponse;
use proxie_shared::auth::SignedIn;

use crate::http::{Answer, Call, None};
use crate::views::memory::{ForgetQuery, MemoryBody, MemoryView};

/// See what is remembered of one
///
/// What was stated, and apart from it what was learned from what was done, with how often it was seen.
#[utoipa::path(
    get,
    path = "/consumers/me/memory",
    tag = "consumers",
    responses((status = 200, body = MemoryView))
)]
pub async fn read(call: Call<SignedIn>) -> Answer {
    let memory = call.app.domain.memory(&call.actor).await?;
    Ok(HttpResponse::Ok().json(MemoryView::from(memory)))
}

/// Correct what is remembered of one
///
/// What is given is stated in place of what was stated before; what is left out stays, null takes away. What was learned
/// stays as it is: forget it if it is wrong.
#[utoipa::path(
    patch,
    path = "/consumers/me/memory",
    tag = "consumers",
    responses((status = 200, body = MemoryView))
)]
pub async fn state(call: Call<SignedIn, None, None, MemoryBody>) -> Answer {
    let memory = call.app.domain.state_memory(&call.actor, call.body.clone().into()).await?;
    Ok(HttpResponse::Ok().json(MemoryView::from(memory)))
}

/// Have forgotten what is remembered of one
///
/// All of it, or what is about one key, stated and learned; answers what is left. It is learned again from new things only.
#[utoipa::path(
    delete,
    path = "/consumers/me/memory",
    tag = "consumers",
    responses((status = 200, body = MemoryView))
)]
pub async fn forget(call: Call<SignedIn, None, ForgetQuery>) -> Answer {
    let memory = call.app.domain.forget_memory(&call.actor, call.query.key).await?;
    Ok(HttpResponse::Ok().json(MemoryView::from(memory)))
}
