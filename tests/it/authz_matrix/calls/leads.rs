//! Leads, as the providers call them whose they are: `own` was routed to the caller, `another's` to somebody else.

use proxie_shared::model::users::Role;
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let about_one = match row.operation.as_str() {
        "GET /providers/leads" => false,
        "PUT /requests/{request_id}/view"
        | "PUT /requests/{request_id}/pass"
        | "POST /requests/{request_id}/suggest-offer" => true,
        _ => return None,
    };
    let is_bare = row.whose == "-" || row.state == Some("bare");
    let own = match somebody.id.filter(|_| !is_bare) {
        Some(caller) => Some(app.provider_row(caller).await),
        None => None,
    };
    let others = app.provider_row(app.user_row(Role::Provider).await).await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    let provider = own.filter(|_| row.whose == "own").unwrap_or(others);
    app.lead_row(request, provider).await;
    if matches!(row.state, Some("offered" | "booked")) {
        let offer = app.offer_row(request, provider).await;
        if row.state == Some("booked") {
            // Each of the others' in its own time.
            app.booking_row(offer, 30).await;
        }
    }
    let id = if row.whose == "unknown" { Uuid::now_v7() } else { request };
    let ids = if about_one { vec![id.to_string()] } else { Vec::new() };
    Some(Prepared { ids, body: None })
}
