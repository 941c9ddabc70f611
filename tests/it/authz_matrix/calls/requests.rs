//! Requests, as their consumers and those that they were routed to call them.

use proxie_shared::model::users::Role;
use serde_json::json;
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let operation = row.operation.as_str();
    if operation == "POST /requests" && row.whose != "-" {
        return Some(Prepared { ids: Vec::new(), body: Some(with_photo(app, row, somebody).await) });
    }
    let body = match operation {
        "PATCH /requests/{request_id}" => Some(json!({"description": "shoulder length"})),
        "POST /requests/{request_id}/cancel" => Some(json!({"reason": "not needed any more"})),
        "GET /requests/{request_id}"
        | "GET /requests/{request_id}/matches"
        | "POST /requests/{request_id}/match" => None,
        _ => return None,
    };
    let owner = somebody.owner(app, row).await;
    let request = app.request_row(owner).await;
    let provider = match (row.state, somebody.id) {
        // The caller's own business, unless they are no one.
        (Some("lead"), Some(caller)) => app.provider_row(caller).await,
        _ => app.provider_row(app.user_row(Role::Provider).await).await,
    };
    app.lead_row(request, provider).await;
    if matches!(row.state, Some("offered" | "booked")) {
        let offer = app.offer_row(request, provider).await;
        if row.state == Some("booked") {
            app.booking_row(offer, 30).await;
        }
    }
    // Long enough ago to be matched again.
    let matched =
        format!("UPDATE tasks SET created_at = now() - interval '1 hour' WHERE request_id = '{request}'");
    app.database.execute(&matched).await;
    let id = if row.whose == "unknown" { Uuid::now_v7() } else { request };
    Some(Prepared { ids: vec![id.to_string()], body })
}

/// A request with a photo of whom the row says.
async fn with_photo(app: &App, row: &Row, somebody: &Somebody) -> serde_json::Value {
    let owner = somebody.owner(app, row).await;
    let photo = app.media_row(owner).await;
    let photo = if row.whose == "unknown" { Uuid::now_v7() } else { photo };
    json!({"service_id": "haircut", "city": "Brooklyn", "media": [photo]})
}
