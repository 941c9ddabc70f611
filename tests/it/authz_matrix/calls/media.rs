use std::io::Write;

use chrono::Utc;
use proxie_shared::auth::{Link, Links};
use proxie_shared::config::{AuthConfig, Secret};
use proxie_shared::model::MediaId;
use proxie_shared::model::media::{Audience, Variant};
use proxie_shared::model::users::Role;
use proxie_shared::storage::Store;
use reqwest::RequestBuilder;
use uuid::Uuid;

use super::{Prepared, Somebody, user};
use crate::authz_matrix::table::Row;
use crate::support::files::{form, form_type, jpeg, quarters};
use crate::support::{App, SECRET};

/// A call with a picture as its body.
pub fn with_picture(call: RequestBuilder) -> RequestBuilder {
    let picture = jpeg(&quarters(20, 10), 90);
    call.header("content-type", form_type()).body(form(&[("file", "photo.jpg", "image/jpeg", &picture)]))
}

pub async fn prepare(app: &App, row: &Row, somebody: &Somebody) -> Option<Prepared> {
    if !row.operation.contains("{media_id}") {
        return None;
    }
    let owner = somebody.owner(app, row).await;
    let id = MediaId::new();
    let made = format!(
        "INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
         VALUES ('{id}', '{owner}', 'image', 'image/jpeg', 5, 1, 1, now())"
    );
    app.database.execute(&made).await;
    let hung = match row.state {
        Some("shown") => Some(shown(app, id, owner, "active").await),
        Some("hidden") => Some(shown(app, id, owner, "suspended").await),
        Some("on_a_lead") => Some(on_a_lead(app, id, owner, somebody.id).await),
        Some("on_anothers_lead") => Some(on_a_lead(app, id, owner, None).await),
        _ => None,
    };
    if let Some(hung) = hung {
        app.database.execute(&hung).await;
    }
    let id = if row.whose == "unknown" { MediaId::new() } else { id };
    let mut ids = vec![id.to_string()];
    if row.operation.contains("{file}") {
        ids.push(link(app, id, row.state == Some("forged")).await);
    }
    Some(Prepared { ids, body: None })
}

/// A link to a file that is there.
async fn link(app: &App, id: MediaId, forged: bool) -> String {
    let store = Store::new(&app.worker.media).expect("a store");
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(b"bytes").expect("a file");
    store.put(id, Variant::Original, file).await.expect("stored");
    let secret = if forged { "not the secret of the installation" } else { SECRET };
    let config = AuthConfig { secret: Secret::new(secret), issuer: String::new(), issuers: Vec::new() };
    Links::new(&config).sign(id, &Link::new(Variant::Original, Audience::Private, Utc::now()))
}

/// In the portfolio of its owner.
async fn shown(app: &App, id: MediaId, owner: Uuid, status: &str) -> String {
    let provider = app.provider_row(owner).await;
    format!(
        "UPDATE providers SET status = '{status}' WHERE id = '{provider}';
         INSERT INTO portfolio_items (id, provider_id, media_id) VALUES ('{}', '{provider}', '{id}')",
        Uuid::now_v7()
    )
}

/// On a request of its owner that went to this user, who has a profile, or to nobody who calls.
async fn on_a_lead(app: &App, id: MediaId, owner: Uuid, to: Option<Uuid>) -> String {
    let to = match to {
        Some(to) => to,
        None => user(app, &Uuid::now_v7().to_string(), Role::Provider, "active").await,
    };
    let provider = app.provider_row(to).await;
    let request = app.request_row(owner).await;
    app.lead_row(request, provider).await;
    format!("INSERT INTO request_media (request_id, media_id, position) VALUES ('{request}', '{id}', 0)")
}
