//! Events of Clerk, carried by Svix. The signatures are made here, by the scheme's own crate; the real Svix was not seen.

use std::time::{SystemTime, UNIX_EPOCH};

use proxie_shared::config::{ClerkConfig, IssuerConfig, Secret};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use uuid::Uuid;

use crate::support::{Answer, App, assert_problem, eventually};

const ISSUER: &str = "https://clerk.example.com";
const SECRET: &str = "whsec_cHJveGllIHRlc3RzIHNpZ24gdGhlaXIgZXZlbnRz";
const STRANGERS: &str = "whsec_c29tZWJvZHkgZWxzZSBzaWducyB0aGlzIG9uZSE=";

/// The product with Clerk configured.
pub async fn app(trusted_for_admin: bool) -> App {
    let issuer = IssuerConfig {
        issuer: ISSUER.to_owned(),
        // Nobody asks: no token comes in these tests.
        jwks_url: "http://127.0.0.1:9/jwks".to_owned(),
        audiences: Vec::new(),
        authorized_parties: vec!["https://app.example.com".to_owned()],
        trusted_for_admin,
    };
    let clerk = ClerkConfig { issuer: ISSUER.to_owned(), secret: Secret::new(SECRET) };
    App::builder().workers(0).issuers(vec![issuer]).http(|http| http.clerk = Some(clerk)).start().await
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

async fn send(app: &App, id: &str, at: i64, body: &str, signature: &str) -> Answer {
    let call = app
        .anybody()
        .call(Method::POST, "/webhooks/clerk")
        .header("content-type", "application/json")
        .header("svix-id", id)
        .header("svix-timestamp", at.to_string())
        .header("svix-signature", signature)
        .body(body.to_owned());
    app.anybody().send(call).await
}

/// Sends an event as Svix does.
async fn tell(app: &App, id: &str, event: &Value) -> Answer {
    let body = event.to_string();
    let signature = Webhook::new(SECRET).unwrap().sign(id, now(), body.as_bytes()).unwrap();
    send(app, id, now(), &body, &signature).await
}

/// The call with a new event, signed as Svix does or by a stranger.
pub fn sent_by_svix(call: RequestBuilder, by_svix: bool) -> RequestBuilder {
    let (id, at) = (Uuid::now_v7().to_string(), now());
    let body = event("user.updated", at * 1_000, None).to_string();
    let secret = if by_svix { SECRET } else { STRANGERS };
    let signature = Webhook::new(secret).unwrap().sign(&id, at, body.as_bytes()).unwrap();
    call.header("content-type", "application/json")
        .header("svix-id", id)
        .header("svix-timestamp", at.to_string())
        .header("svix-signature", signature)
        .body(body)
}

fn event(kind: &str, millis: i64, role: Option<&str>) -> Value {
    let metadata = role.map_or_else(|| json!({}), |role| json!({"role": role}));
    json!({
        "type": kind, "timestamp": millis, "object": "event",
        "data": {"id": "user_1", "first_name": "Maya", "public_metadata": metadata}
    })
}

async fn user(app: &App, column: &str) -> Value {
    app.database.value(&format!("SELECT (SELECT {column}::text FROM users WHERE subject = 'user_1')")).await
}

#[tokio::test]
async fn events_make_users_and_give_roles_in_order() {
    let app = app(false).await;
    // What is told has happened a while ago.
    let later = now() * 1_000 - 60_000;
    tell(&app, "1", &event("user.created", later, None)).await.expect(204);
    assert_eq!((user(&app, "role").await, user(&app, "name").await), (json!("consumer"), json!("Maya")));
    tell(&app, "2", &event("user.updated", later + 2_000, Some("provider"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "provider");
    // What happened before and is told after is old news.
    tell(&app, "3", &event("user.updated", later + 1_000, Some("consumer"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "provider");
    // The same event again.
    tell(&app, "2", &event("user.updated", later + 9_000, Some("consumer"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "provider");
    // An issuer that is not trusted for it makes no admins; events that do not count are taken.
    tell(&app, "4", &event("user.updated", later + 3_000, Some("admin"))).await.expect(204);
    tell(&app, "5", &event("session.created", later + 4_000, Some("consumer"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "provider");
}

#[tokio::test]
async fn a_trusted_issuer_makes_admins() {
    let app = app(true).await;
    tell(&app, "1", &event("user.created", now() * 1_000 - 1_000, Some("admin"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "admin");
}

#[tokio::test]
async fn who_is_deleted_there_is_closed_here_for_ever() {
    let app = app(false).await;
    let at = now() * 1_000 - 60_000;
    tell(&app, "1", &event("user.created", at, None)).await.expect(204);
    tell(&app, "2", &event("user.deleted", at + 1_000, None)).await.expect(204);
    assert_eq!((user(&app, "status").await, user(&app, "name").await), (json!("deleted"), Value::Null));
    tell(&app, "3", &event("user.updated", at + 2_000, Some("provider"))).await.expect(204);
    assert_eq!((user(&app, "status").await, user(&app, "role").await), (json!("deleted"), json!("consumer")));
}

#[tokio::test]
async fn an_event_without_a_time_happened_when_it_was_sent() {
    let app = app(false).await;
    tell(&app, "1", &event("user.created", now() * 1_000 - 60_000, None)).await.expect(204);
    // As Clerk sends it.
    let deleted =
        json!({"type": "user.deleted", "data": {"id": "user_1", "object": "user", "deleted": true}});
    tell(&app, "2", &deleted).await.expect(204);
    assert_eq!(user(&app, "status").await, "deleted");
}

#[tokio::test]
async fn a_clock_that_is_ahead_keeps_no_later_event_out() {
    let app = app(false).await;
    tell(&app, "1", &event("user.created", 253_402_300_799_999, Some("provider"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "provider");
    eventually("later events count", async || {
        let id = uuid::Uuid::now_v7().to_string();
        tell(&app, &id, &event("user.updated", (now() + 1) * 1_000, Some("consumer"))).await.expect(204);
        user(&app, "role").await == "consumer"
    })
    .await;
}

#[tokio::test]
async fn who_is_suspended_loses_a_role_all_the_same() {
    let app = app(true).await;
    let at = now() * 1_000 - 60_000;
    tell(&app, "1", &event("user.created", at, Some("admin"))).await.expect(204);
    app.database.execute("UPDATE users SET status = 'suspended'").await;
    tell(&app, "2", &event("user.updated", at + 1_000, Some("consumer"))).await.expect(204);
    assert_eq!(user(&app, "role").await, "consumer");
}

#[tokio::test]
async fn who_is_deleted_before_being_seen_does_not_come() {
    let app = app(false).await;
    tell(&app, "1", &event("user.deleted", now() * 1_000, None)).await.expect(204);
    assert_eq!(user(&app, "status").await, "deleted");
}

#[tokio::test]
async fn what_is_not_signed_right_is_refused() {
    let app = app(false).await;
    let body = event("user.created", now() * 1_000, Some("provider")).to_string();
    let webhook = Webhook::new(SECRET).unwrap();
    let good = webhook.sign("1", now(), body.as_bytes()).unwrap();
    let stranger = Webhook::new(STRANGERS).unwrap();
    let strangers = stranger.sign("1", now(), body.as_bytes()).unwrap();
    let old = now() - 600;
    let late = webhook.sign("1", old, body.as_bytes()).unwrap();
    let early = webhook.sign("1", now() + 600, body.as_bytes()).unwrap();
    for (id, at, sent, signature) in [
        ("1", now(), body.clone(), strangers),
        ("2", now(), body.clone(), good.clone()),
        ("1", now(), body.replace("Maya", "Noah"), good.clone()),
        ("1", old, body.clone(), good),
        ("1", old, body.clone(), late),
        ("1", now() + 600, body.clone(), early),
        ("1", now(), body.clone(), "v1,".to_owned()),
        ("1", now(), body.clone(), String::new()),
    ] {
        assert_problem!(send(&app, id, at, &sent, &signature).await, 401, "unauthenticated");
    }
    assert_eq!(app.database.value("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn without_a_secret_there_is_nothing_here() {
    let app = App::builder().workers(0).start().await;
    assert_problem!(tell(&app, "1", &event("user.created", now() * 1_000, None)).await, 404, "not_found");
}
