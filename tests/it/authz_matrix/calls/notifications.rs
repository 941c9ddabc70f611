//! What people are told.

use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    match row.operation.as_str() {
        "GET /notifications" | "PUT /notifications/read_all" => {
            Some(Prepared { ids: Vec::new(), body: None })
        }
        "PUT /notifications/{notification_id}/read" => {
            let id = app.notification_row(somebody.owner(app, row).await).await;
            let id = if row.whose == "unknown" { Uuid::now_v7() } else { id };
            Some(Prepared { ids: vec![id.to_string()], body: None })
        }
        _ => None,
    }
}
