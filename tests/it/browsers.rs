//! What browsers are told: who may call from which page, and how carefully.

use reqwest::Method;
use serde_json::json;

use crate::support::{App, HAIRCUT, assert_problem, eventually};

#[tokio::test]
async fn pages_of_other_origins_call_where_they_are_configured() {
    let origin = "https://app.example.com";
    let app = App::builder().workers(0).http(|http| http.origins = vec![origin.to_owned()]).start().await;
    let asking_for = |from: &str, header: &'static str| {
        let call = app.anybody().call(Method::OPTIONS, "/chat").header("origin", from.to_owned());
        call.header("access-control-request-method", "POST").header("access-control-request-headers", header)
    };
    let preflight = |from: &str| asking_for(from, "authorization");
    let allowed = app.anybody().send(preflight(origin)).await.expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(origin));
    let refused = app.anybody().send(preflight("https://evil.example")).await;
    assert_eq!(refused.header("access-control-allow-origin"), None);
    assert_problem!(refused, 422, "invalid", ["/header/Origin"]);
    assert_eq!(refused.header("x-content-type-options"), Some("nosniff"));
    let refused = app.anybody().send(asking_for(origin, "x-strange")).await;
    assert_problem!(refused, 422, "invalid", ["/header/Access-Control-Request-Headers"]);
    let counted = r#"{route="none",method="OPTIONS",status="422"}"#;
    assert!(app.anybody().get("/metrics").await.text.contains(counted));
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
    let from = |origin: &str| {
        app.anybody().call(Method::POST, "/auth/register").header("origin", origin.to_owned()).json(&body)
    };
    // A page of ours that came by HTTP may be anybody's.
    assert_problem!(app.anybody().send(from(&app.url)).await, 401, "unauthenticated");
    let made = app.anybody().send(from(&app.url.replace("http", "https"))).await.expect(201);
    assert!(made.header("set-cookie").unwrap().contains("Secure"));
    let task = app.guest().await.say(HAIRCUT).await;
    eventually("the metrics count", async || {
        app.anybody().get("/metrics").await.text.contains("proxie_http_requests_total")
    })
    .await;
    assert!(!app.anybody().get("/metrics").await.text.contains(&task.id), "no ids in labels");
}

#[tokio::test]
async fn whoever_takes_no_coding_gets_the_plain_answer() {
    let app = App::builder().workers(0).start().await;
    for accepted in ["identity;q=0", "*;q=0", "br;q=1, identity;q=0", "gzip;q=0, *;q=0"] {
        let call = app.anybody().call(Method::GET, "/health").header("accept-encoding", accepted);
        let answer = app.anybody().send(call).await.expect(200);
        assert_eq!((&answer.body["status"], answer.header("content-encoding")), (&json!("ok"), None));
    }
    let call = app.anybody().call(Method::GET, "/api/openapi.json").header("accept-encoding", "gzip");
    assert_eq!(app.anybody().send(call).await.expect(200).header("content-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_cookie_that_is_good_for_nothing_is_taken_away() {
    let app = App::builder().workers(0).start().await;
    let from_page = |method, path: &str, cookie: &str| {
        let call = app.anybody().call(method, path).header("origin", &app.url);
        call.header("cookie", cookie.to_owned())
    };
    let body = json!({"email": "maya@example.com", "password": "correct horse battery"});
    let call = from_page(Method::POST, "/auth/register", "").json(&body);
    let made = app.anybody().send(call).await.expect(201);
    let cookie = made.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();

    let taken_away = |answer: &crate::support::Answer| {
        let cookie = answer.header("set-cookie").expect("a cookie");
        assert!(cookie.starts_with("refresh_token=;") && cookie.contains("Max-Age=0"), "{cookie}");
        assert!(cookie.contains("Path=/auth") && cookie.contains("HttpOnly"), "{cookie}");
    };
    let refused = app.anybody().send(from_page(Method::POST, "/auth/refresh", "refresh_token=stale")).await;
    assert_problem!(refused, 401, "unauthenticated");
    taken_away(&refused);

    let token = made.body["access_token"].as_str().unwrap();
    let close = from_page(Method::DELETE, "/auth/me", &cookie).bearer_auth(token);
    taken_away(&app.anybody().send(close).await.expect(204));
    // Who is no browser has no cookie.
    let refused = app.anybody().post("/auth/refresh", json!({"refresh_token": "stale"})).await;
    assert_problem!(refused, 401, "unauthenticated");
    assert_eq!(refused.header("set-cookie"), None);
}
