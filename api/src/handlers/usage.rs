use actix_web::HttpResponse;
use proxie_shared::auth::{Actor, Admin};

use crate::http::{Answer, Call, None};
use crate::views::usage::{UsageQuery, UsageView};

/// See what one's conversations cost
///
/// What models were called for and what that came to, by day, feature and model. A guest's becomes the account's with the
/// guest's conversations.
#[utoipa::path(get, path = "/usage/me", tag = "usage", responses((status = 200, body = UsageView)))]
pub async fn mine(call: Call<Actor, None, UsageQuery>) -> Answer {
    let period = call.query.period();
    let lines = call.app.domain.usage_of(&call.actor, period).await?;
    Ok(HttpResponse::Ok().json(UsageView::new(period, lines)))
}

/// See what models cost in all
///
/// Everybody's, those of people who have left too.
#[utoipa::path(get, path = "/usage", tag = "usage", responses((status = 200, body = UsageView)))]
pub async fn all(call: Call<Admin, None, UsageQuery>) -> Answer {
    let period = call.query.period();
    let lines = call.app.domain.usage_of_all(&call.actor, period).await?;
    Ok(HttpResponse::Ok().json(UsageView::new(period, lines)))
}

/// Forget the answers that are kept
///
/// An answer of the assistant is kept for a while, and given again where the same is asked in the same circumstances. From now
/// on none is that was given to the caller before.
#[utoipa::path(
    delete,
    path = "/chat/cache",
    tag = "chat",
    responses((status = 204, description = "They are forgotten."))
)]
pub async fn forget(call: Call<Actor>) -> Answer {
    call.app.domain.forget_answers(&call.actor).await?;
    Ok(HttpResponse::NoContent().finish())
}
