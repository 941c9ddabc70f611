use actix_web::HttpResponse;
use proxie_shared::auth::{Actor, SignedIn};
use proxie_shared::model::providers::ProviderService;

use crate::http::{Answer, Call, None};
use crate::views::providers::{
    ProviderPath, ServicePatchBody, ServicePath, ServicePostBody, ServiceView, ServicesQuery, ServicesView,
};
use crate::views::reply;

/// See what a provider offers
///
/// By slugs. What waits for an admin or was refused is there for the owner only, as are the licences.
#[utoipa::path(
    get,
    path = "/providers/{provider_id}/services",
    tag = "providers",
    responses((status = 200, body = ServicesView))
)]
pub async fn services(call: Call<Actor, ProviderPath, ServicesQuery>) -> Answer {
    let profile = call.app.domain.provider_profile(&call.actor, call.path.provider_id).await?;
    Ok(HttpResponse::Ok().json(ServicesView::new(&profile, &call.query)))
}

/// Offer a service
///
/// Of the catalog, each once, up to a hundred. What needs a licence waits until an admin has seen its number and last day.
#[utoipa::path(
    post,
    path = "/providers/{provider_id}/services",
    tag = "providers",
    responses((
        status = 201,
        description = "Offered.",
        body = ServiceView,
        headers(("Location" = String, description = "Where the service is."))
    ))
)]
pub async fn add_service(call: Call<SignedIn, ProviderPath, None, ServicePostBody>) -> Answer {
    let id = call.path.provider_id;
    let once = call.once(move |added: &ProviderService| {
        let location = format!("/providers/{id}/services/{}", added.service_id);
        reply::created(location, ServiceView::new(added, true))
    });
    let added =
        call.app.domain.add_service(&call.actor, id, call.body.clone(), &call.trace_id, &once).await?;
    Ok(reply::answer(added))
}

/// Offer a service otherwise
///
/// What is left out stays, null takes away. Another number or last day of a licence waits for an admin again.
#[utoipa::path(
    patch,
    path = "/providers/{provider_id}/services/{service_id}",
    tag = "providers",
    responses((status = 200, body = ServiceView))
)]
pub async fn change_service(call: Call<SignedIn, ServicePath, None, ServicePatchBody>) -> Answer {
    let Call { actor, path, body, app, trace_id, .. } = call;
    let (id, service) = (path.provider_id, path.service_id);
    let changed = app.domain.change_service(&actor, id, &service, body.into(), &trace_id).await?;
    Ok(HttpResponse::Ok().json(ServiceView::new(&changed, true)))
}

/// Offer a service no longer
///
/// Not while live offers or bookings are for it.
#[utoipa::path(
    delete,
    path = "/providers/{provider_id}/services/{service_id}",
    tag = "providers",
    responses((status = 204, description = "Not offered any more."))
)]
pub async fn remove_service(call: Call<SignedIn, ServicePath>) -> Answer {
    let Call { actor, path, app, trace_id, .. } = call;
    app.domain.remove_service(&actor, path.provider_id, &path.service_id, &trace_id).await?;
    Ok(HttpResponse::NoContent().finish())
}
