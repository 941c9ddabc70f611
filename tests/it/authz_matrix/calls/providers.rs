use serde_json::{Value, json};

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

/// What a row's operation needs, if it is one of providers.
pub async fn prepare(_app: &App, row: &Row, _somebody: &Somebody) -> Option<Prepared> {
    let body: Option<Value> = match row.operation.as_str() {
        "POST /providers" => Some(json!({"name": "Curls & Co", "city": "Brooklyn"})),
        _ => return None,
    };
    Some(Prepared { ids: Vec::new(), body })
}
