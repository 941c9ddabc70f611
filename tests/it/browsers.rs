//! What browsers are told: who may call from which page, and how carefully.

use reqwest::Method;
use serde_json::json;

use crate::support::{App, HAIRCUT, assert_problem, eventually};

#[tokio::test]
async fn pages_of_other_origins_call_where_they_are_configured() {
    let origin = "https://app.example.com";
    let app = App::builder().workers(0).http(|http| http.origins = vec![origin.to_owned()]).start().await;
    let preflight = |from: &str| {
        let call = app.anybody().call(Method::OPTIONS, "/chat").header("origin", from.to_owned());
        call.header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization")
    };
    let allowed = app.anybody().send(preflight(origin)).await.expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(origin));
    let refused = app.anybody().send(preflight("https://evil.example")).await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
    // Errors too can be read there.
    let call = app.anybody().call(Method::GET, "/auth/me").header("origin", origin);
    let answer = app.anybody().send(call).await;
    assert_problem!(answer, 401, "unauthenticated");
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    assert!(answer.header("access-control-expose-headers").unwrap().to_lowercase().contains("x-request-id"));
}

#[tokio::test]
async fn in_production_browsers_keep_to_https() {
    let app = App::builder().workers(0).http(|http| http.production = true).start().await;
    let answer = app.anybody().get("/health").await.expect(200);
    assert!(answer.header("strict-transport-security").unwrap().contains("max-age="));
    let body = json!({"email": "maya@example.com", "password": "correct horse battery"});
    let call = app.anybody().call(Method::POST, "/auth/register").header("origin", &app.url).json(&body);
    let made = app.anybody().send(call).await.expect(201);
    assert!(made.header("set-cookie").unwrap().contains("Secure"));
    let task = app.guest().await.say(HAIRCUT).await;
    eventually("the metrics count", async || {
        app.anybody().get("/metrics").await.text.contains("proxie_http_requests_total")
    })
    .await;
    assert!(!app.anybody().get("/metrics").await.text.contains(&task.id), "no ids in labels");
}
