use actix_web::HttpResponse;
use proxie_shared::auth::Provider;
use proxie_shared::db::leads::Filter;
use proxie_shared::model::tasks::Task;

use crate::http::{Answer, Call, None};
use crate::views::inputs::ListQuery;
use crate::views::leads::{LeadListView, LeadView, LeadsQuery, PassBody, TakenView};
use crate::views::reply;
use crate::views::requests::RequestPath;

/// List one's leads
///
/// The requests that were routed to the caller, the latest first; without those that were passed or take no offers any
/// more, unless these are asked for.
#[utoipa::path(get, path = "/providers/leads", tag = "leads", responses((status = 200, body = LeadListView)))]
pub async fn list(call: Call<Provider, None, LeadsQuery>) -> Answer {
    let limit = call.query.limit.unwrap_or(ListQuery::LIMIT);
    let filter = Filter::from(&call.query);
    let leads = call.app.domain.leads(&call.actor, &filter, call.query.cursor, limit + 1).await?;
    Ok(HttpResponse::Ok().json(LeadListView::new(&leads, limit, call.app.gallery.links())))
}

/// Note that a lead was looked at
///
/// The first time counts.
#[utoipa::path(
    put,
    path = "/requests/{request_id}/view",
    tag = "leads",
    responses((status = 200, body = LeadView))
)]
pub async fn view(call: Call<Provider, RequestPath>) -> Answer {
    let lead = call.app.domain.view_lead(&call.actor, call.path.request_id).await?;
    Ok(HttpResponse::Ok().json(LeadView::new(&lead, call.app.gallery.links())))
}

/// Pass a lead
///
/// It takes no offer of the caller's any more. When all have passed, others are asked.
#[utoipa::path(
    put,
    path = "/requests/{request_id}/pass",
    tag = "leads",
    responses((status = 200, body = LeadView))
)]
pub async fn pass(call: Call<Provider, RequestPath, None, PassBody>) -> Answer {
    let (id, reason) = (call.path.request_id, call.body.reason.as_deref());
    let lead = call.app.domain.pass_lead(&call.actor, id, reason).await?;
    Ok(HttpResponse::Ok().json(LeadView::new(&lead, call.app.gallery.links())))
}

/// Have an offer suggested
///
/// A task works it out from the caller's prices, calendar and templates: poll `task_id`. Nothing is sent to the consumer.
#[utoipa::path(
    post,
    path = "/requests/{request_id}/suggest-offer",
    tag = "leads",
    responses((
        status = 202,
        description = "The task.",
        body = TakenView,
        headers(("Location" = String, description = "Where the task is."))
    ))
)]
pub async fn suggest(call: Call<Provider, RequestPath>) -> Answer {
    let once = call.once(|task: &Task| reply::accepted(task.id, TakenView::from(task)));
    let id = call.path.request_id;
    let taken = call.app.domain.suggest_offer(&call.actor, id, &call.trace_id, &once).await?;
    Ok(reply::answer(taken))
}
