use serde_json::{Value, json};
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

const STATUS: &str = "PUT /admin/providers/{provider_id}/status";
const VERIFY: &str = "PUT /admin/providers/{provider_id}/services/{service_id}/verify";

/// What a row's operation needs, if it is one of enrollments or licences.
pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    if [STATUS, VERIFY].contains(&row.operation.as_str()) {
        return Some(provider(app, row, somebody).await);
    }
    let path = row.operation.split_once(' ')?.1;
    if !path.starts_with("/enrollment") {
        return None;
    }
    let mut ids = Vec::new();
    if path != "/enrollment" && path != "/enrollment/start" {
        let made = enrollment(app, row, somebody).await;
        if path.contains('{') {
            ids.push(made.to_string());
        }
    }
    let body = match row.operation.as_str() {
        "PATCH /enrollment/{enrollment_id}" => Some(json!({"headline": "Curls"})),
        "POST /enrollment/{enrollment_id}/reject" => Some(json!({"reasons": ["A false number."]})),
        _ => None,
    };
    Some(Prepared { ids, body })
}

/// An enrollment in which nothing is missing, as a draft or waiting with its licence; its id, or nobody's.
async fn enrollment(app: &App, row: &Row, somebody: &Somebody) -> Uuid {
    let id = Uuid::now_v7();
    if row.whose == "unknown" {
        return id;
    }
    let owner = somebody.owner(app, row).await;
    let waits = row.state == Some("waiting");
    let service = match waits {
        true => {
            json!({"service_id": "pipe_repair", "licence_number": "1", "licence_expires_on": "2099-01-01"})
        }
        false => json!({"service_id": "house_cleaning"}),
    };
    let fields: Value = json!({
        "business_name": "Made", "city": "Brooklyn", "services": [service],
        "availability": {"zone": "America/New_York", "weekly": {"monday": [{"start": "09:00", "end": "17:00"}]}},
    });
    let (status, submitted) = if waits { ("pending_verification", "now()") } else { ("draft", "NULL") };
    let made = format!(
        "INSERT INTO enrollments (id, user_id, status, fields, submitted_at, expires_at)
           VALUES ('{id}', '{owner}', '{status}', '{fields}', {submitted}, now() + interval '1 day')"
    );
    app.database.execute(&made).await;
    id
}

/// A provider whose licence waits.
async fn provider(app: &App, row: &Row, somebody: &Somebody) -> Prepared {
    let mut provider = Uuid::now_v7();
    if row.whose != "unknown" {
        provider = app.provider_row(somebody.owner(app, row).await).await;
        let waits = format!(
            "INSERT INTO provider_services (provider_id, service_id, places, licence)
               VALUES ('{provider}', 'pipe_repair', '{{consumer}}', 'pending_verification')"
        );
        app.database.execute(&waits).await;
    }
    if row.operation == STATUS {
        return Prepared { ids: vec![provider.to_string()], body: Some(json!({"status": "suspended"})) };
    }
    let body = json!({"approved": true, "licence_number": "1", "licence_expires_on": "2099-01-01"});
    Prepared { ids: vec![provider.to_string(), "pipe_repair".to_owned()], body: Some(body) }
}
