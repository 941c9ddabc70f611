use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::{App, slot};

/// What a row's operation needs, if it is one of offers or bookings. Whose it is, needs the work; `made` tells that they
/// do it, `asked` that they themselves propose another slot.
pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let operation = row.operation.as_str();
    if operation == "POST /offers" {
        return Some(Prepared { ids: Vec::new(), body: Some(offer(app, row, somebody).await) });
    }
    if !operation.contains("/offers") && !operation.contains("/bookings/") || operation == "GET /offers" {
        return None;
    }
    let (owner, stranger) = (somebody.owner(app, row).await, app.user_row(Role::Consumer).await);
    let makes = row.state == Some("made");
    let (consumer, maker) = if makes { (stranger, owner) } else { (owner, stranger) };
    let provider = app.provider_row(maker).await;
    let request = app.request_row(consumer).await;
    app.lead_row(request, provider).await;
    let offer = app.offer_row(request, provider).await;
    let id = match operation {
        _ if row.whose == "unknown" => Uuid::now_v7(),
        _ if operation.contains("/requests/") => request,
        _ if operation.contains("/offers/") => offer,
        _ => booking(app, row, offer).await,
    };
    let body = match operation {
        "PUT /offers/{offer_id}/accept" => Some(json!({"slot": slot(1, "12:00")})),
        "PUT /offers/{offer_id}/decline" => Some(json!({"reason": "too dear"})),
        "PUT /bookings/{booking_id}/cancel" => Some(json!({"reason": "no time"})),
        "PUT /bookings/{booking_id}/reschedule" => Some(json!({"slot": slot(4, "10:00")})),
        _ => None,
    };
    Some(Prepared { ids: vec![id.to_string()], body })
}

/// An offer for a request that was routed to the caller, to somebody else, or is nobody's.
async fn offer(app: &App, row: &Row, somebody: &Somebody) -> Value {
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    let own = match somebody.id.filter(|_| row.whose != "-") {
        Some(user) => Some(app.provider_row(user).await),
        None => None,
    };
    let provider = match own.filter(|_| row.whose == "own") {
        Some(provider) => provider,
        None => app.provider_row(app.user_row(Role::Consumer).await).await,
    };
    app.lead_row(request, provider).await;
    let request = if row.whose == "unknown" { Uuid::now_v7() } else { request };
    json!({
        "request_id": request, "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
        "duration_minutes": 60, "slots": [slot(1, "12:00")],
    })
}

/// A booking, as its move needs it.
async fn booking(app: &App, row: &Row, offer: Uuid) -> Uuid {
    let has_begun = row.operation.ends_with("/complete") || row.operation.ends_with("/no_show");
    let id = app.booking_row(offer, if has_begun { -1 } else { 30 }).await;
    if row.operation.contains("/reschedule/") {
        let makes = row.state == Some("made");
        let by = if makes || row.state == Some("asked") { "consumer" } else { "provider" };
        let proposed = format!(
            "UPDATE bookings SET proposed_start_at = start_at + interval '2 days', proposed_by = '{by}',
               proposed_end_at = end_at + interval '2 days', proposed_until = now() + interval '1 day' WHERE id = '{id}'"
        );
        app.database.execute(&proposed).await;
    }
    id
}
