//! What comes with the words of a message: photos, what it is about, a button.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Prepared, Somebody};
use crate::authz_matrix::table::Row;
use crate::support::App;

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    if row.operation != "POST /chat" {
        return None;
    }
    let more = match row.state? {
        "photo" => photo(app, row, somebody).await,
        "draft" | "stale" => button(app, row, somebody).await,
        "request" | "lead" | "offer" | "booking" | "provider" => context(app, row, somebody).await,
        _ => return None,
    };
    Some(Prepared { ids: Vec::new(), body: Some(more) })
}

/// The id of what there is, or of what nobody has.
fn id(row: &Row, made: Uuid) -> Uuid {
    if row.whose == "unknown" { Uuid::now_v7() } else { made }
}

async fn photo(app: &App, row: &Row, somebody: &Somebody) -> Value {
    let made = app.media_row(somebody.owner(app, row).await).await;
    json!({"message": "like this", "media": [id(row, made)]})
}

async fn button(app: &App, row: &Row, somebody: &Somebody) -> Value {
    let owner = somebody.owner(app, row).await;
    let [session, draft] = [(); 2].map(|()| Uuid::now_v7());
    let made = format!(
        "INSERT INTO chat_sessions (id, user_id, role) VALUES ('{session}', '{owner}', 'consumer');
         INSERT INTO drafts (id, session_id, user_id, kind, version, fields, expires_at)
           VALUES ('{draft}', '{session}', '{owner}', 'request', 2, '{{}}', now() + interval '1 day')"
    );
    app.database.execute(&made).await;
    let version = if row.state == Some("stale") { 1 } else { 2 };
    let action = json!({"kind": "approve", "draft_id": draft, "draft_version": version});
    json!({"session_id": id(row, session), "action": action})
}

async fn context(app: &App, row: &Row, somebody: &Somebody) -> Value {
    let owner = somebody.owner(app, row).await;
    let request = app.request_row(owner).await;
    let provider = match (row.state, somebody.id) {
        // The caller's own business, unless they are no one.
        (Some("lead"), Some(caller)) => app.provider_row(caller).await,
        _ => app.provider_row(app.user_row(Role::Provider).await).await,
    };
    app.lead_row(request, provider).await;
    let (field, made) = match row.state {
        Some("provider") => ("provider_id", provider),
        Some("offer") => ("offer_id", app.offer_row(request, provider).await),
        Some("booking") => {
            let offer = app.offer_row(request, provider).await;
            ("booking_id", app.booking_row(offer, 30).await)
        }
        _ => ("request_id", request),
    };
    json!({"message": "tell me more", "context": {field: id(row, made)}})
}
