use chrono::Utc;
use proxie_shared::auth::SignedIn;
use proxie_shared::domain::providers::Opened;
use proxie_shared::model::providers::Card;

use crate::http::{Answer, Call, None};
use crate::views::providers::{PostBody, ProfileView};
use crate::views::reply;

/// Become a provider
///
/// Makes the caller's business and the caller a provider, an admin beside that; there is one for each user. Services can
/// come along or be added later: nobody else sees a business without one that can be booked. What needs a licence waits
/// until an admin has seen it. Without hours of its own it works Monday to Friday from nine to five.
#[utoipa::path(
    post,
    path = "/providers",
    tag = "providers",
    responses((
        status = 201,
        description = "The business is made.",
        body = ProfileView,
        headers(("Location" = String, description = "Where the provider is."))
    ))
)]
pub async fn post(call: Call<SignedIn, None, None, PostBody>) -> Answer {
    let once = call.once(|opened: &Opened| {
        let card = Card::of(&opened.provider, &opened.services, Utc::now().date_naive());
        reply::created(format!("/providers/{}", card.id), ProfileView::new(&card, &opened.provider, true))
    });
    let body = call.body.clone().into();
    let opened = call.app.domain.open_business(&call.actor, body, &call.trace_id, &once).await?;
    // The caller's role is another from now on.
    if let Some(token) = call.bearer() {
        call.app.auth.forget(token).await;
    }
    Ok(reply::answer(opened))
}
