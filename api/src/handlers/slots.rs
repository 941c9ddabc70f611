use actix_web::HttpResponse;
use proxie_shared::auth::Actor;

use crate::http::{Answer, Call};
use crate::views::providers::ProviderPath;
use crate::views::slots::{SlotsQuery, SlotsView};

/// See when a provider is free
///
/// Slots for a job of the service's usual length, less the bookings, their buffer and the notice: at most 31 days a query, up
/// to 90 days ahead. A provider who takes no work at present has none.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/slots",
    tag = "providers",
    responses((status = 200, body = SlotsView))
)]
pub async fn slots(call: Call<Actor, ProviderPath, SlotsQuery>) -> Answer {
    let asked = call.query.asked();
    let free = call.app.domain.free_slots(&call.actor, call.path.provider_id, &asked).await?;
    Ok(HttpResponse::Ok().json(SlotsView::from(free)))
}
