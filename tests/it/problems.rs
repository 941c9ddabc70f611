//! Errors: one form, every problem at once, no cause ever told.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, HAIRCUT, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

/// Sends a body as it is.
async fn raw(caller: &Caller, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    caller.send(caller.call(Method::POST, path).header("content-type", kind).body(body)).await
}

#[tokio::test]
async fn what_is_not_json() {
    let app = app().await;
    let guest = app.guest().await;
    for body in ["", "{", "{\"message\": }", "message", "\u{0}", "{\"message\": \"a\"} b", "{'message': 'a'}"]
    {
        assert_problem!(raw(&guest, "/chat", "application/json", body).await, 400, "invalid_json");
    }
    // Bytes that are no UTF-8, and half of a surrogate pair.
    let bytes = b"{\"message\": \"\xff\xfe\"}".to_vec();
    assert_problem!(raw(&guest, "/chat", "application/json", bytes).await, 400, "invalid_json");
    assert_problem!(
        raw(&guest, "/chat", "application/json", r#"{"message": "\ud800"}"#).await,
        400,
        "invalid_json"
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_problem!(raw(&guest, "/chat", "application/json", deep).await, 400, "invalid_json");
}

#[tokio::test]
async fn every_problem_of_a_body_is_told_at_once() {
    let app = app().await;
    let guest = app.guest().await;
    let body = json!({
        "message": 5, "session_id": "not-an-id", "role": "queen", "client_message_id": "", "media": ["x"],
        "action": {"kind": "approve"}, "surprise": true,
    });
    let answer = guest.post("/chat", body).await;
    assert_problem!(answer, 422, "invalid");
    let told: Vec<&str> =
        answer.body["errors"].as_array().unwrap().iter().filter_map(|e| e["pointer"].as_str()).collect();
    for field in [
        "message",
        "session_id",
        "role",
        "client_message_id",
        "action/draft_id",
        "action/draft_version",
        "surprise",
    ] {
        assert!(told.contains(&format!("/body/{field}").as_str()), "{field} is not told of: {told:?}");
    }
    assert!(told.iter().any(|pointer| pointer.starts_with("/body/media")), "{told:?}");
    assert!(told.iter().all(|pointer| pointer.starts_with("/body/")), "{told:?}");

    assert_problem!(guest.post("/chat", json!({})).await, 422, "invalid", ["/body/message"]);
    assert_problem!(guest.post("/chat", json!({"message": " \n "})).await, 422, "invalid", ["/body/message"]);
    assert_problem!(guest.post("/chat", json!({"message": null})).await, 422, "invalid", ["/body/message"]);
    for body in [json!([]), json!("text"), json!(null), json!(7)] {
        assert_problem!(guest.post("/chat", body).await, 422, "invalid", ["/body"]);
    }
    let consumer = app.consumer("maya");
    assert_problem!(
        consumer.post("/requests", json!({})).await,
        422,
        "invalid",
        ["/body/service_id", "/body/city"]
    );
}

#[tokio::test]
async fn what_the_schema_refuses_hides_no_other_problem() {
    let app = app().await;
    let consumer = app.consumer("maya");
    let budget = json!({"min_cents": 9_000, "max_cents": 6_000, "currency": "USD"});
    let body = json!({
        "service_id": "no-such-service", "city": "  ", "zone": "Mars/Olympus", "budget": budget,
        "description": "a\u{0}b", "surprise": true,
    });
    let call = consumer.call(Method::POST, "/requests").header("idempotency-key", "not one").json(&body);
    assert_problem!(
        consumer.send(call).await,
        422,
        "invalid",
        [
            "/header/Idempotency-Key",
            "/body/service_id",
            "/body/city",
            "/body/zone",
            "/body/budget",
            "/body/description",
            "/body/surprise"
        ]
    );
    // Also beside what is missing, and beside what is wrong in the same field.
    let body = json!({"city": "Brooklyn", "zone": "Mars/Olympus"});
    assert_problem!(
        consumer.post("/requests", body).await,
        422,
        "invalid",
        ["/body/service_id", "/body/zone"]
    );
    let budget = json!({"min_cents": 9_000, "max_cents": 6_000, "currency": "USD", "surprise": 1});
    let body = json!({"service_id": "haircut", "city": "Brooklyn", "budget": budget});
    assert_problem!(
        consumer.post("/requests", body).await,
        422,
        "invalid",
        ["/body/budget", "/body/budget/surprise"]
    );
    let body = json!({"email": "nobody", "password": "correct horse battery", "name": " "});
    let answer = app.anybody().post("/auth/register", body).await;
    assert_problem!(answer, 422, "invalid", ["/body/email", "/body/name"]);
}

#[tokio::test]
async fn the_limits_of_a_message_are_characters() {
    let app = app().await;
    let guest = app.guest().await;
    guest.post("/chat", json!({"message": "é".repeat(8_000)})).await.expect(202);
    let answer = guest.post("/chat", json!({"message": "é".repeat(8_001)})).await;
    assert_problem!(answer, 422, "invalid", ["/body/message"]);
}

#[tokio::test]
async fn problems_of_path_query_and_body_come_together() {
    let app = app().await;
    let guest = app.guest().await;
    let answer = guest.get("/chat/status/not-an-id?wait=31&colour=red").await;
    assert_problem!(answer, 422, "invalid", ["/path/task_id", "/query/wait", "/query/colour"]);
    let answer = guest.get("/chat/status/1?wait=soon").await;
    assert_problem!(answer, 422, "invalid", ["/path/task_id", "/query/wait"]);
    let answer = guest.get("/chat/sessions?limit=0&cursor=x").await;
    assert_problem!(answer, 422, "invalid", ["/query/limit", "/query/cursor"]);
    let answer = guest.get("/chat/sessions/00000000-0000-0000-0000-00000000000g?cursor=sideways:1").await;
    assert_problem!(answer, 422, "invalid", ["/path/session_id", "/query/cursor"]);
    let answer = guest.get("/health?a=1&b%2Fc=2").await;
    assert_problem!(answer, 422, "invalid", ["/query/a", "/query/b~1c"]);
    for path in ["/chat/cancel/x", "/chat/retry/x"] {
        assert_problem!(guest.move_on(path).await, 422, "invalid", ["/path/task_id"]);
    }
}

#[tokio::test]
async fn a_parameter_is_said_once() {
    let app = app().await;
    let guest = app.guest().await;
    let answer = guest.get("/chat/sessions?limit=1&limit=1").await;
    assert_problem!(answer, 422, "invalid", ["/query/limit"]);
    let answer = guest.get("/chat/sessions?a%2Fb=1&a%2Fb=2").await;
    assert_problem!(answer, 422, "invalid", ["/query/a~1b", "/query/a~1b"]);
}

#[tokio::test]
async fn a_whole_number_is_an_integer_however_it_is_written() {
    let app = app().await;
    let consumer = app.consumer("maya");
    let posted = |cents: &str| {
        let budget = format!(r#"{{"max_cents": {cents}, "currency": "USD"}}"#);
        format!(
            r#"{{"service_id": "haircut", "city": "Brooklyn", "allow_duplicate": true, "budget": {budget}}}"#
        )
    };
    for whole in ["6000", "6000.0", "6e3", "0.6E4"] {
        let answer = raw(&consumer, "/requests", "application/json", posted(whole)).await.expect(201);
        assert_eq!(answer.body["budget"]["max_cents"], json!(6_000), "{whole}");
    }
    for other in ["6000.5", "1e300", "99999999999999999999", "-1.0"] {
        let answer = raw(&consumer, "/requests", "application/json", posted(other)).await;
        assert_problem!(answer, 422, "invalid", ["/body/budget/max_cents"]);
    }
}

#[tokio::test]
async fn what_may_come_with_words_may_be_null() {
    let app = app().await;
    let guest = app.guest().await;
    let body = json!({"message": HAIRCUT, "action": null, "context": null, "media": []});
    guest.post("/chat", body).await.expect(202);
    let body = json!({"message": HAIRCUT, "action": null, "context": null, "media": null});
    guest.post("/chat", body).await.expect(202);
    let answer = guest.post("/chat", json!({"message": HAIRCUT, "context": {}})).await;
    assert_problem!(answer, 422, "invalid", ["/body/context"]);
}

#[tokio::test]
async fn a_query_that_cannot_be_decoded() {
    let app = app().await;
    let guest = app.guest().await;
    for query in ["limit=%zz", "limit=%", "limit=%f", "cursor=%ff%fe"] {
        assert_problem!(guest.get(&format!("/chat/sessions?{query}")).await, 400, "invalid_json");
    }
}

#[tokio::test]
async fn nul_is_refused_wherever_it_stands() {
    let app = app().await;
    let guest = app.guest().await;
    let body = json!({"message": "a\u{0}b", "client_message_id": "\u{0}"});
    assert_problem!(
        guest.post("/chat", body).await,
        422,
        "invalid",
        ["/body/message", "/body/client_message_id"]
    );
    let answer = guest.get("/chat/sessions/%00").await;
    assert!([400, 404, 422].contains(&answer.status), "{answer:?}");
    assert!(answer.header("content-type") == Some("application/problem+json"), "{answer:?}");
    let answer = guest.get("/chat/sessions?cursor=%00").await;
    assert_problem!(answer, 422, "invalid");
    let consumer = app.consumer("maya");
    let body = json!({"service_id": "haircut", "city": "Brook\u{0}lyn", "specializations": ["ok", "\u{0}"]});
    assert_problem!(
        consumer.post("/requests", body).await,
        422,
        "invalid",
        ["/body/city", "/body/specializations/1"]
    );
}

#[tokio::test]
async fn addresses_and_methods_that_are_not_there() {
    let app = app().await;
    let guest = app.guest().await;
    for path in [
        "/nothing",
        "/app.html",
        "/chat/",
        "/chat/status",
        "/CHAT",
        "/chat/status/a/b",
        "/%2e%2e/etc",
        "/chat%00",
    ] {
        assert_problem!(guest.get(path).await, 404, "not_found");
    }
    let addresses = [
        ("/health", "GET, HEAD"),
        ("/ready", "GET, HEAD"),
        ("/auth/guest", "POST"),
        ("/chat", "POST"),
        ("/chat/status/x", "GET, HEAD"),
        ("/chat/cancel/x", "POST"),
        ("/chat/retry/x", "POST"),
        ("/chat/sessions", "GET, HEAD"),
        ("/chat/sessions/x", "GET, HEAD, DELETE"),
        ("/requests", "POST, GET, HEAD"),
    ];
    for (path, allowed) in addresses {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS]
        {
            if allowed.split(", ").any(|name| name == method.as_str()) {
                continue;
            }
            let answer = guest.send(guest.call(method, path)).await;
            assert_problem!(answer, 405, "method_not_allowed");
            assert_eq!(answer.header("allow"), Some(allowed), "{path}");
        }
    }
}

#[tokio::test]
async fn what_can_be_read_can_be_asked_for_without_its_body() {
    let app = app().await;
    let guest = app.guest().await;
    for path in ["/health", "/chat/sessions", "/chat/sessions?limit=0", "/nothing"] {
        let read = guest.get(path).await;
        let asked = guest.send(guest.call(Method::HEAD, path)).await;
        assert_eq!((asked.status, asked.text.as_str()), (read.status, ""), "{path}");
        assert_eq!(asked.header("content-type"), read.header("content-type"), "{path}");
        assert!(asked.header("x-request-id").is_some(), "{path}");
    }
    assert_eq!(guest.send(guest.call(Method::HEAD, "/chat")).await.status, 405);
}

#[tokio::test]
async fn only_json_is_taken_and_not_too_much_of_it() {
    let app = app().await;
    let guest = app.guest().await;
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
    ] {
        assert_problem!(raw(&guest, "/chat", kind, "{}").await, 415, "media_unsupported");
    }
    let none = guest.send(guest.call(Method::POST, "/chat").body("{}")).await;
    assert_problem!(none, 415, "media_unsupported");
    raw(&guest, "/chat", "Application/JSON; charset=utf-8", json!({"message": HAIRCUT}).to_string())
        .await
        .expect(202);

    let padded = |bytes: usize| format!("{}{{\"message\": \"a\"}}", " ".repeat(bytes - 16));
    let limit = 1_024 * 1_024;
    assert_eq!(padded(limit).len(), limit);
    raw(&guest, "/chat", "application/json", padded(limit)).await.expect(202);
    assert_problem!(raw(&guest, "/chat", "application/json", padded(limit + 1)).await, 413, "too_large");
}

#[tokio::test]
async fn a_request_id_is_taken_over_or_made() {
    let app = app().await;
    let guest = app.guest().await;
    let with = async |id: &str| {
        guest.send(guest.call(Method::GET, "/chat/sessions").header("x-request-id", id)).await
    };
    assert_eq!(with("trace-42.a:b_c").await.header("x-request-id"), Some("trace-42.a:b_c"));
    let longest = "x".repeat(128);
    assert_eq!(with(&longest).await.header("x-request-id"), Some(longest.as_str()));
    for insane in ["", "a b", "<script>", "x".repeat(129).as_str(), "a\"b"] {
        let answer = with(insane).await;
        let made = answer.header("x-request-id").expect("a request id");
        assert!(uuid::Uuid::parse_str(made).is_ok(), "{insane} → {made}");
    }
    let (one, other) = (guest.get("/nothing").await, guest.get("/nothing").await);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
    let answer = guest.send(guest.call(Method::GET, "/nothing").header("x-request-id", "mine")).await;
    assert_eq!(answer.body["request_id"], "mine");
}

#[tokio::test]
async fn an_internal_error_tells_nothing() {
    let app = app().await;
    let guest = app.guest().await;
    app.database.execute("ALTER TABLE chat_messages RENAME TO gone").await;
    let answer = guest.post("/chat", json!({"message": HAIRCUT})).await;
    assert_problem!(answer, 500, "internal");
    for word in ["chat_messages", "relation", "gone", "column"] {
        assert!(!answer.text.contains(word), "{answer:?}");
    }
}

#[tokio::test]
async fn health_and_readiness_need_no_token() {
    let app = app().await;
    assert_eq!(app.anybody().get("/health").await.expect(200).body["status"], "ok");
    let ready = app.anybody().get("/ready").await.expect(200).body;
    assert_eq!((&ready["status"], &ready["down"]), (&json!("ready"), &json!([])));
    let guest = app.anybody().move_on("/auth/guest").await.expect(201).body;
    assert_eq!((&guest["token_type"], &guest["user"]["role"]), (&json!("Bearer"), &json!("guest")));
    assert!(
        guest["expires_in"].as_u64() == Some(30 * 24 * 3_600) && guest["user"]["name"] == Value::Null,
        "{guest}"
    );
}
