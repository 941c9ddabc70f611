use actix_web::HttpResponse;
use proxie_shared::auth::SignedIn;
use proxie_shared::model::calendar::Availability;

use crate::http::{Answer, Call, None};
use crate::views::providers::{
    AvailabilityBody, ProfileView, ProviderPath, SettingsBody, SettingsView, StatsView, StatusBody,
};

/// See how one's agent works
///
/// Whether it answers leads by itself, from which price on, and how far one travels.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/settings",
    tag = "providers",
    responses((status = 200, body = SettingsView))
)]
pub async fn settings(call: Call<SignedIn, ProviderPath>) -> Answer {
    let provider = call.app.domain.own_provider(&call.actor, call.path.provider_id).await?;
    Ok(HttpResponse::Ok().json(SettingsView::from(&provider)))
}

/// Say how one's agent works
///
/// With `auto_offer` a lead becomes an offer without a person: in the prices, hours and limits of the provider.
#[utoipa::path(
    put,
    path = "/providers/{provider_id}/settings",
    tag = "providers",
    responses((status = 200, body = SettingsView))
)]
pub async fn put_settings(call: Call<SignedIn, ProviderPath, None, SettingsBody>) -> Answer {
    let settings = call.body.into();
    call.app.domain.set_settings(&call.actor, call.path.provider_id, settings).await?;
    Ok(HttpResponse::Ok().json(SettingsView::from(settings)))
}

/// See when one works
///
/// The usual hours, dates with others, and what lies before, between and after bookings.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/availability",
    tag = "providers",
    responses((status = 200, body = Availability))
)]
pub async fn availability(call: Call<SignedIn, ProviderPath>) -> Answer {
    let calendar = call.app.domain.availability(&call.actor, call.path.provider_id).await?;
    Ok(HttpResponse::Ok().json(calendar))
}

/// Say when one works
///
/// All of it, in place of what was; its zone becomes that of the business. What is booked stays booked.
#[utoipa::path(
    put,
    path = "/providers/{provider_id}/availability",
    tag = "providers",
    responses((status = 200, body = Availability))
)]
pub async fn put_availability(call: Call<SignedIn, ProviderPath, None, AvailabilityBody>) -> Answer {
    call.app.domain.put_availability(&call.actor, call.path.provider_id, &call.body).await?;
    Ok(HttpResponse::Ok().json(&call.body))
}

/// Pause, or go on
///
/// Who is paused is not found and not matched; what is agreed stays.
#[utoipa::path(
    put,
    path = "/providers/{provider_id}/status",
    tag = "providers",
    responses((status = 200, body = ProfileView))
)]
pub async fn put_status(call: Call<SignedIn, ProviderPath, None, StatusBody>) -> Answer {
    let (id, status) = (call.path.provider_id, call.body.status());
    let profile = call.app.domain.pause_provider(&call.actor, id, status).await?;
    Ok(HttpResponse::Ok().json(ProfileView::new(&profile.card, &profile.provider, profile.is_own)))
}

/// See how one fares
///
/// Leads, offers, bookings, reputation and revenue, since the beginning.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/stats",
    tag = "providers",
    responses((status = 200, body = StatsView))
)]
pub async fn stats(call: Call<SignedIn, ProviderPath>) -> Answer {
    let stats = call.app.domain.provider_stats(&call.actor, call.path.provider_id).await?;
    Ok(HttpResponse::Ok().json(StatsView::from(stats)))
}
