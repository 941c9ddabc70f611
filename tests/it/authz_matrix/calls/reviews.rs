//! Reviews: of a booking of whom it says, with a provider of whom it says.

use proxie_shared::model::users::Role;
use serde_json::json;
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let unknown = row.whose == "unknown";
    let id = |known: Uuid| if unknown { Uuid::now_v7() } else { known }.to_string();
    match row.operation.as_str() {
        "POST /reviews" => {
            let consumer = somebody.owner(app, row).await;
            let provider = app.provider_row(app.user_row(Role::Provider).await).await;
            let booking = app.done_booking_row(consumer, provider, 30).await;
            if row.state == Some("confirmed") {
                let confirmed = "UPDATE bookings SET status = 'confirmed', ended_at = NULL WHERE id";
                app.database.execute(&format!("{confirmed} = '{booking}'")).await;
            }
            Some(Prepared { ids: Vec::new(), body: Some(json!({"booking_id": id(booking), "rating": 5})) })
        }
        "GET /reviews/provider/{provider_id}" => {
            let provider = app.provider_row(somebody.owner(app, row).await).await;
            if row.state == Some("suspended") {
                let suspended = "UPDATE providers SET status = 'suspended' WHERE id";
                app.database.execute(&format!("{suspended} = '{provider}'")).await;
            }
            Some(Prepared { ids: vec![id(provider)], body: None })
        }
        "PUT /reviews/{review_id}/response" => {
            let provider = app.provider_row(somebody.owner(app, row).await).await;
            let consumer = app.user_row(Role::Consumer).await;
            let booking = app.done_booking_row(consumer, provider, 30).await;
            let review = app.review_row(booking, 5).await;
            if row.state == Some("answered") {
                let answered = "UPDATE reviews SET response = 'Hm', responded_at = now() WHERE id";
                app.database.execute(&format!("{answered} = '{review}'")).await;
            }
            Some(Prepared { ids: vec![id(review)], body: Some(json!({"text": "Thank you!"})) })
        }
        _ => None,
    }
}
