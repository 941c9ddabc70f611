//! How bodies may come: as JSON in UTF-8, not too much of it, with each thing said once.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Caller, HAIRCUT, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

/// Sends a body as it is, with one more header.
async fn with(caller: &Caller, header: (&str, &str), body: impl Into<reqwest::Body>) -> Answer {
    let call = caller.call(Method::POST, "/chat").header("content-type", "application/json");
    let mut call = call.build().expect("a call");
    call.headers_mut().insert(
        header.0.parse::<reqwest::header::HeaderName>().expect("a name"),
        header.1.parse().expect("a value"),
    );
    *call.body_mut() = Some(body.into());
    caller.send_built(call).await
}

#[tokio::test]
async fn only_json_in_utf_8_and_uncoded_is_taken() {
    let app = app().await;
    let guest = app.guest().await;
    let body = json!({"message": HAIRCUT}).to_string();
    for coding in ["gzip", "br", "identity, gzip"] {
        let answer = with(&guest, ("content-encoding", coding), body.clone()).await;
        assert_problem!(answer, 415, "media_unsupported");
        assert_eq!(answer.header("accept-encoding"), Some("identity"), "{coding}");
    }
    with(&guest, ("content-encoding", "Identity"), body.clone()).await.expect(202);
    for kind in ["application/json; charset=latin1", "application/json;charset=utf-8;charset=utf-16"] {
        let answer = with(&guest, ("content-type", kind), body.clone()).await;
        assert_problem!(answer, 415, "media_unsupported");
        // It was not the coding.
        assert_eq!(answer.header("accept-encoding"), None);
    }
    for kind in ["application/json;charset=UTF-8", "application/json; charset=\"utf-8\""] {
        with(&guest, ("content-type", kind), body.clone()).await.expect(202);
    }
}

#[tokio::test]
async fn what_is_announced_too_large_is_not_waited_for() {
    let app = app().await;
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).expect("a connection");
    let head = "POST /chat HTTP/1.1\r\nHost: proxie\r\nContent-Type: application/json\r\n";
    write!(stream, "{head}Content-Length: 1048577\r\n\r\n").expect("a call without its body");
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).expect("an answer");
    assert_eq!(&begin, b"HTTP/1.1 413");
}

#[tokio::test]
async fn names_are_said_once_and_told_shortly() {
    let app = app().await;
    let guest = app.guest().await;
    let twice = r#"{"message": "a", "message": "b", "media": [], "context": {"a/b": 1, "a\/b": 2}}"#;
    let answer = with(&guest, ("accept", "*/*"), twice).await;
    assert_problem!(answer, 422, "invalid", ["/body/message", "/body/context/a~1b", "/body/context/a~1b"]);

    let long = format!(r#"{{"message": "a", "{}": 1}}"#, "x".repeat(900_000));
    let answer = with(&guest, ("accept", "*/*"), long).await;
    let told = format!("/body/{}…", "x".repeat(100));
    assert_problem!(answer, 422, "invalid", [told.as_str()]);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words() {
    let app = app().await;
    let consumer = app.consumer("maya");
    let said = async |answer: Answer| answer.body["errors"][0]["message"].as_str().map(str::to_owned);
    let body = json!({"email": "nobody", "password": "correct horse battery"});
    let email = app.anybody().post("/auth/register", body).await;
    assert_eq!(said(email).await.as_deref(), Some("Must be an e-mail address."));
    let limit = consumer.get("/chat/sessions?limit=many").await;
    assert_eq!(said(limit).await.as_deref(), Some("Must be an integer."));
    let message = consumer.post("/chat", json!({"message": 5})).await;
    assert_eq!(said(message).await.as_deref(), Some("Must be a string."));
    let action = consumer.post("/chat", json!({"message": "a", "action": 5})).await;
    assert_eq!(said(action).await.as_deref(), Some("Must be an object."));
    let action = consumer.post("/chat", json!({"message": "a", "action": "approve"})).await;
    assert!(
        said(action).await.is_some_and(|said| said.contains("approve_request")),
        "of a word, which words there are"
    );
}
