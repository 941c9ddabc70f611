use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

const SLOTS: &str = "GET /providers/{provider_id}/slots";

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    if row.operation != SLOTS {
        return None;
    }
    let id = match row.whose {
        "unknown" => Uuid::now_v7(),
        _ => app.provider_row(somebody.owner(app, row).await).await,
    };
    let becomes = match row.state {
        Some("suspended") => Some(format!("UPDATE providers SET status = 'suspended' WHERE id = '{id}'")),
        Some("unlicensed") => Some(format!(
            "UPDATE provider_services SET licence = 'pending_verification' WHERE provider_id = '{id}'"
        )),
        _ => None,
    };
    if let Some(becomes) = becomes {
        app.database.execute(&becomes).await;
    }
    Some(Prepared { ids: vec![id.to_string()], body: None })
}

pub fn query(row: &Row) -> Option<String> {
    let tomorrow = chrono::Utc::now().date_naive() + chrono::Days::new(1);
    (row.operation == SLOTS).then(|| format!("?service_id=haircut&from={tomorrow}&to={tomorrow}"))
}
