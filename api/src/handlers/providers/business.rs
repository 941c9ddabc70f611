use actix_web::HttpResponse;
use chrono::Utc;
use proxie_shared::auth::{Actor, SignedIn};
use proxie_shared::domain::providers::{Opened, Profile};
use proxie_shared::model::providers::Card;

use crate::http::{Answer, Call, None};
use crate::views::providers::{PatchBody, PostBody, ProfileView, ProviderPath, ProviderView, PutBody};
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

/// See a provider
///
/// The card: what lists show, and the head of the profile. One that is suspended or has nothing that can be booked is
/// there for its owner only.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}",
    tag = "providers",
    responses((status = 200, body = ProviderView))
)]
pub async fn card(call: Call<Actor, ProviderPath>) -> Answer {
    let card = call.app.domain.provider_card(&call.actor, call.path.provider_id).await?;
    Ok(HttpResponse::Ok().json(ProviderView::new(&card)))
}

/// See a provider's profile
///
/// The card, and what the provider says of itself at length. How it can be reached is there for its owner only.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/profile",
    tag = "providers",
    responses((status = 200, body = ProfileView))
)]
pub async fn profile(call: Call<Actor, ProviderPath>) -> Answer {
    let profile = call.app.domain.provider_profile(&call.actor, call.path.provider_id).await?;
    Ok(shown(&profile))
}

/// Say all of a business anew
///
/// What is left out is not said any more. Services, hours and settings stay.
#[utoipa::path(
    put,
    path = "/providers/{provider_id}",
    tag = "providers",
    responses((status = 200, body = ProfileView))
)]
pub async fn put(call: Call<SignedIn, ProviderPath, None, PutBody>) -> Answer {
    let (id, body) = (call.path.provider_id, call.body.clone());
    let profile = call.app.domain.replace_business(&call.actor, id, body, &call.trace_id).await?;
    Ok(shown(&profile))
}

/// Say some of a business anew
///
/// Of card and profile alike: what is left out stays, null takes away. Who moves to a city that is known takes its zone,
/// and its middle until a location is said.
#[utoipa::path(
    patch,
    path = "/providers/{provider_id}",
    tag = "providers",
    responses((status = 200, body = ProfileView))
)]
pub async fn patch(call: Call<SignedIn, ProviderPath, None, PatchBody>) -> Answer {
    let (id, change) = (call.path.provider_id, call.body.clone().into());
    let profile = call.app.domain.change_business(&call.actor, id, change, &call.trace_id).await?;
    Ok(shown(&profile))
}

/// Say some of a profile anew
///
/// The same as `PATCH /providers/{provider_id}`, for those who have the profile at hand.
#[utoipa::path(
    patch,
    path = "/providers/{provider_id}/profile",
    tag = "providers",
    responses((status = 200, body = ProfileView))
)]
pub async fn patch_profile(call: Call<SignedIn, ProviderPath, None, PatchBody>) -> Answer {
    patch(call).await
}

fn shown(profile: &Profile) -> HttpResponse {
    HttpResponse::Ok().json(ProfileView::new(&profile.card, &profile.provider, profile.is_own))
}
