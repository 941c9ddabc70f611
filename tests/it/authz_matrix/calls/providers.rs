use serde_json::{Value, json};
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

/// What a row's operation needs, if it is one of providers.
pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    let mut body = body(row)?;
    let (_, path) = row.operation.split_once(' ').expect("a method");
    if !path.contains('{') {
        return Some(Prepared { ids: Vec::new(), body });
    }
    let owner = somebody.owner(app, row).await;
    let provider = match row.whose {
        "unknown" => Uuid::now_v7(),
        _ => app.provider_row(owner).await,
    };
    let becomes = match row.state {
        Some("suspended") => format!("UPDATE providers SET status = 'suspended' WHERE id = '{provider}'"),
        Some("unlicensed") => format!(
            "UPDATE provider_services SET licence = 'pending_verification' WHERE provider_id = '{provider}'"
        ),
        _ => String::new(),
    };
    app.database.execute(&becomes).await;
    if row.state == Some("owed") {
        let consumer = somebody.stranger(app).await;
        let request = app.request_row(consumer).await;
        app.offer_row(request, provider).await;
    }
    let media_owner = if row.state == Some("foreign") { somebody.stranger(app).await } else { owner };
    let media = app.media_row(media_owner).await;
    if path.ends_with("/portfolio")
        && let Some(body) = &mut body
    {
        body["media_id"] = json!(media);
    }
    let part = match path.rsplit_once('/').map(|(_, last)| last) {
        Some("{service_id}") if row.state == Some("missing") => Some("braiding".to_owned()),
        Some("{service_id}") => Some("haircut".to_owned()),
        Some("{item_id}") => Some(item(app, row, provider, media).await.to_string()),
        Some("{template_id}") => Some(template(app, row, provider).await.to_string()),
        _ => None,
    };
    Some(Prepared { ids: std::iter::once(provider.to_string()).chain(part).collect(), body })
}

/// What is sent, if the operation is one of providers: nothing, or JSON.
fn body(row: &Row) -> Option<Option<Value>> {
    let (method, path) = row.operation.split_once(' ').expect("a method");
    let rest = path.strip_prefix("/providers")?;
    let rest = rest.strip_prefix("/{provider_id}").unwrap_or(rest);
    let business = json!({"name": "Curls & Co", "city": "Brooklyn"});
    Some(match (method, rest) {
        (
            "GET",
            "" | "/profile" | "/services" | "/portfolio" | "/templates" | "/availability" | "/settings"
            | "/stats",
        ) => None,
        ("DELETE", "/services/{service_id}" | "/portfolio/{item_id}" | "/templates/{template_id}") => None,
        ("POST" | "PUT" | "PATCH", "" | "/profile") => Some(business),
        ("POST", "/services") => {
            Some(json!({"service_id": "braiding", "places": ["provider"], "currency": "USD"}))
        }
        ("PATCH", "/services/{service_id}") => Some(json!({"price_min_cents": 5_000})),
        ("POST", "/templates") => Some(json!({"name": "First visit", "body": "Hi {first_name}"})),
        ("PATCH", "/templates/{template_id}") => Some(json!({"body": "Hello {first_name}"})),
        ("POST", "/portfolio") | ("PATCH", "/portfolio/{item_id}") => Some(json!({"title": "Layers"})),
        ("PUT", "/availability") => Some(json!({"zone": "UTC", "weekly": {}})),
        ("PUT", "/settings") => Some(json!({"auto_offer": true, "radius_km": 10})),
        ("PUT", "/status") => Some(json!({"status": "paused"})),
        _ => return None,
    })
}

/// Something that the provider shows, or nobody.
async fn item(app: &App, row: &Row, provider: Uuid, media: Uuid) -> Uuid {
    let id = Uuid::now_v7();
    if row.whose != "unknown" && row.state != Some("missing") {
        let made = format!(
            "INSERT INTO portfolio_items (id, provider_id, media_id) VALUES ('{id}', '{provider}', '{media}')"
        );
        app.database.execute(&made).await;
    }
    id
}

/// A template of the provider, or of nobody.
async fn template(app: &App, row: &Row, provider: Uuid) -> Uuid {
    let id = Uuid::now_v7();
    if row.whose != "unknown" && row.state != Some("missing") {
        let made = format!(
            "INSERT INTO provider_templates (id, provider_id, name, body) VALUES ('{id}', '{provider}', 'First', 'Hi')"
        );
        app.database.execute(&made).await;
    }
    id
}
