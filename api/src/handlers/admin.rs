use actix_web::HttpResponse;
use proxie_shared::auth::Admin;

use crate::http::{Answer, Call, None};
use crate::views::admin::{
    AuditQuery, AuditView, ProviderStatusBody, ProviderStatusView, RoleBody, StatusBody, UserPath,
};
use crate::views::auth::MeView;
use crate::views::inputs::ListQuery;
use crate::views::providers::ProviderPath;

/// Read the audit log
///
/// What admins did with what is not theirs, the newest first.
#[utoipa::path(get, path = "/admin/audit", tag = "admin", responses((status = 200, body = AuditView)))]
pub async fn audit(call: Call<Admin, None, AuditQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let entries = call.app.domain.audit_log(&call.actor, call.query.cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(AuditView::new(entries, limit)))
}

/// Suspend an account, open it again, or close it
///
/// `deleted` is for ever.
#[utoipa::path(put, path = "/admin/users/{user_id}/status", tag = "admin", responses((status = 200, body = MeView)))]
pub async fn user_status(call: Call<Admin, UserPath, None, StatusBody>) -> Answer {
    let user = call.app.domain.set_status(&call.actor, call.path.user_id, call.body.status).await?;
    Ok(HttpResponse::Ok().json(MeView::new(&user, user.role, Option::None)))
}

/// Give an account another role
///
/// Tokens made before do not change it again.
#[utoipa::path(put, path = "/admin/users/{user_id}/role", tag = "admin", responses((status = 200, body = MeView)))]
pub async fn user_role(call: Call<Admin, UserPath, None, RoleBody>) -> Answer {
    let role = call.body.role.into();
    let user = call.app.domain.set_role(&call.actor, call.path.user_id, role).await?;
    Ok(HttpResponse::Ok().json(MeView::new(&user, user.role, Option::None)))
}

/// Suspend a provider, or let it go on
///
/// A suspended one is found and booked by nobody; what is agreed stays.
#[utoipa::path(
    put,
    path = "/admin/providers/{provider_id}/status",
    tag = "admin",
    responses((status = 200, body = ProviderStatusView))
)]
pub async fn provider_status(call: Call<Admin, ProviderPath, None, ProviderStatusBody>) -> Answer {
    let (id, to, note) = (call.path.provider_id, call.body.status(), call.body.note());
    let provider = call.app.domain.set_provider_status(&call.actor, id, to, note).await?;
    Ok(HttpResponse::Ok().json(ProviderStatusView::new(&provider)))
}
