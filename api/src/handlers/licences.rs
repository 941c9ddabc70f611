use actix_web::HttpResponse;
use proxie_shared::auth::Admin;

use crate::http::{Answer, Call, None};
use crate::views::licences::{LicencePath, LicenceView, VerifyBody};

/// Approve a provider's licence, or refuse it
///
/// Of one service. It can be decided again, as when it has expired or turned out to be false.
#[utoipa::path(
    put,
    path = "/admin/providers/{provider_id}/services/{service_id}/verify",
    tag = "admin",
    responses((status = 200, body = LicenceView))
)]
pub async fn verify(call: Call<Admin, LicencePath, None, VerifyBody>) -> Answer {
    let LicencePath { provider_id, service_id } = &call.path;
    let verdict = call.body.clone().into();
    let decided = call.app.domain.verify_licence(&call.actor, *provider_id, service_id, verdict).await?;
    Ok(HttpResponse::Ok().json(LicenceView::new(&decided)))
}
