use serde_json::json;
use uuid::Uuid;

use super::Prepared;
use crate::authz_matrix::table::Row;
use crate::support::App;

/// What a row's operation needs, if it is one of the catalog.
pub async fn prepare(app: &App, row: &Row) -> Option<Prepared> {
    let (method, path) = row.operation.split_once(' ')?;
    if !path.starts_with("/services/") {
        return None;
    }
    let slug = format!("made_{}", Uuid::now_v7().simple());
    let known = row.whose == "own";
    // Who reads must have heard of it; who changes it looks at the database.
    let id = match (path, method) {
        ("/services/catalog/{category_id}", "GET") if known => "hair_beauty".to_owned(),
        ("/services/services/{service_id}", "GET") if known => "haircut".to_owned(),
        _ => slug,
    };
    let category = format!(
        "INSERT INTO catalog_categories (id, name, description, position) VALUES ('{id}', 'Made', '', 1000)"
    );
    let service = |category: &str| {
        format!(
            "INSERT INTO catalog_services (id, category_id, name, description, licensed, places, min_photos, price_min_cents,
               price_max_cents, currency, duration_min_minutes, duration_max_minutes, specializations, position)
             SELECT '{id}', '{category}', name, description, licensed, places, min_photos, price_min_cents, price_max_cents,
               currency, duration_min_minutes, duration_max_minutes, specializations, 1000
             FROM catalog_services WHERE id = 'haircut'"
        )
    };
    match (path, method) {
        (_, "GET") => {}
        ("/services/catalog/{category_id}", _) if known => {
            app.database.execute(&category).await;
            if row.state == Some("offered") {
                app.database.execute(&service(&id)).await;
            }
        }
        ("/services/services/{service_id}", _) if known => {
            app.database.execute(&service("hair_beauty")).await;
        }
        _ => {}
    }
    let body = match (path, method) {
        ("/services/catalog/{category_id}", "PUT") => Some(json!({"name": "Made", "description": ""})),
        ("/services/services/{service_id}", "PUT") => Some(json!({
            "category_id": "hair_beauty", "name": "Made", "description": "", "licensed": false,
            "places": ["consumer"], "min_photos": 0,
            "price": {"min_cents": 1, "max_cents": 2, "currency": "USD"},
            "duration_minutes": {"min": 30, "max": 60}, "specializations": [],
        })),
        _ => None,
    };
    Some(Prepared { ids: vec![id], body })
}
