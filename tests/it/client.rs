//! The web client, as the API serves it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proxie_shared::config::{ClerkKey, ClientConfig, Realtime, SentryProject};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, assert_problem};

/// Addresses of what the page loads.
fn parts(page: &str) -> Vec<&str> {
    let quoted = page.split('"').filter(|part| part.starts_with("/app/"));
    quoted.collect()
}

#[tokio::test]
async fn the_address_alone_leads_to_the_client() {
    let app = App::builder().workers(0).start().await;
    let page = app.anybody().get("/").await.expect(200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"), "{:?}", page.headers);
    assert!(page.text.contains("<div id=\"root\">"), "is the client built (bin/web)? {}", page.text);
    // Which page it is the client finds out by itself.
    for address in ["/app", "/app/", "/app/requests", "/app/requests/4c1c/offers", "/app/chat?session=1"] {
        assert_eq!(app.anybody().get(address).await.expect(200).text, page.text, "{address}");
    }
    let head = app.anybody().send(app.anybody().call(Method::HEAD, "/app/")).await.expect(200);
    assert_eq!(head.header("etag"), page.header("etag"));
}

#[tokio::test]
async fn what_a_page_loads_is_there_and_is_asked_for_once() {
    let app = App::builder().workers(0).start().await;
    let page = app.anybody().get("/app/").await.expect(200);
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let parts = parts(&page.text);
    assert!(
        parts.iter().any(|part| part.ends_with(".js")) && parts.iter().any(|part| part.ends_with(".css"))
    );
    for part in parts {
        let loaded = app.anybody().get(part).await.expect(200);
        assert!(!loaded.header("content-type").unwrap().starts_with("text/html"), "{part}");
        let for_ever = loaded.header("cache-control").unwrap().contains("immutable");
        assert_eq!(for_ever, part.starts_with("/app/assets/"), "{part}");
    }
    // Of another release: a page in its place would be taken for the script.
    assert_problem!(app.anybody().get("/app/assets/index-of-yesterday.js").await, 404, "not_found");
    assert_problem!(app.anybody().post("/app/requests", json!({})).await, 405, "method_not_allowed");
}

#[tokio::test]
async fn the_client_is_told_how_it_is_set_up_and_may_call_only_whom_it_knows() {
    let app = App::builder().workers(0).start().await;
    let config = app.anybody().get("/app/config.json").await.expect(200);
    for name in ["realtime_url", "clerk_publishable_key", "sentry_dsn"] {
        assert_eq!(config.body[name], Value::Null, "{name}");
    }
    assert!(config.body["release"].as_str().unwrap().starts_with("proxie@"));
    let policy = policy(&app).await;
    assert_eq!(said(&policy, "connect-src"), "'self'");
    assert_eq!(said(&policy, "script-src"), "'self'");
    assert_eq!(said(&policy, "frame-src"), "'none'");
    assert_eq!(said(&policy, "default-src"), "'none'");

    let key = format!("pk_test_{}", STANDARD_NO_PAD.encode("clerk.example.com$"));
    let clerk = ClerkKey { key: key.clone(), host: "clerk.example.com".to_owned() };
    let set_up = ClientConfig {
        realtime: Some(Realtime::Port(8280)),
        clerk: Some(clerk),
        sentry: SentryProject::parse("https://key@sentry.example.com:8443/7"),
    };
    let app = App::builder().workers(0).client(set_up).start().await;
    let config = app.anybody().get("/app/config.json").await.expect(200).body;
    assert_eq!(config["realtime_url"], "http://127.0.0.1:8280");
    assert_eq!(config["clerk_publishable_key"], key);
    assert_eq!(config["sentry_dsn"], "https://key@sentry.example.com:8443/7");
    let policy = self::policy(&app).await;
    let calls = said(&policy, "connect-src");
    for origin in ["ws://*:8280", "https://sentry.example.com:8443", "https://clerk.example.com"] {
        assert!(calls.split(' ').any(|call| call == origin), "{origin}: {calls}");
    }
    assert!(said(&policy, "script-src").contains("https://clerk.example.com"), "{policy}");
}

async fn policy(app: &App) -> String {
    let page = app.anybody().get("/app/").await.expect(200);
    page.header("content-security-policy").expect("a policy").to_owned()
}

/// What a policy says of a kind of thing.
fn said<'a>(policy: &'a str, directive: &str) -> &'a str {
    let mut said = policy.split(';').filter_map(|part| part.trim().split_once(' '));
    said.find(|(name, _)| *name == directive).map(|(_, sources)| sources.trim()).expect("it is said")
}
