//! Consumers' profiles and requests.

use serde_json::json;
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let (method, path) = row.operation.split_once(' ')?;
    if !path.starts_with("/consumers/") {
        return None;
    }
    let body = match method {
        "PATCH" if path.ends_with("/memory") => Some(json!({"timing": "weekday evenings"})),
        "PUT" => Some(json!({"phone": "+1 718 555 0123", "city": "Brooklyn"})),
        "PATCH" => Some(json!({"city": "Queens"})),
        _ => None,
    };
    let ids = match row.whose {
        "-" => Vec::new(),
        "unknown" => vec![Uuid::now_v7().to_string()],
        _ => vec![somebody.owner(app, row).await.to_string()],
    };
    Some(Prepared { ids, body })
}
