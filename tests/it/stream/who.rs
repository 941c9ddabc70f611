//! Who may follow a task, and for how long.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::follow::{Follow, Frame, call};
use crate::support::{App, SECRET, assert_problem, eventually, tokens};

#[tokio::test]
async fn a_task_is_followed_by_its_owner_and_nobody_else() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say("hello").await;
    for other in [app.guest().await, app.consumer("noah")] {
        for seen in [None, Some(0), Some(3)] {
            assert_problem!(other.send(call(&other, &task.id, seen)).await, 403, "not_yours");
        }
        let nobodys = uuid::Uuid::now_v7().to_string();
        assert_problem!(other.send(call(&other, &nobodys, None)).await, 403, "not_yours");
    }
    assert_problem!(guest.send(call(&app.anybody(), &task.id, None)).await, 401, "unauthenticated");
    // Told by whoever runs the place: a live task is followed, not waited for.
    let mut by_admin = Follow::after(&app.user("root", Role::Admin), &task.id, None).await;
    task.cancel().await.expect(200);
    let frames = by_admin.rest().await;
    assert_eq!(frames.iter().map(|frame| frame.name.as_str()).collect::<Vec<_>>(), ["cancelled"]);
}

#[tokio::test]
async fn the_last_event_is_a_number() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say("hello").await;
    for wrong in ["", "x", "-1", "1.5", "+1", " ", "99999999999999999999"] {
        let call = call(&guest, &task.id, None).header("last-event-id", wrong);
        assert_problem!(guest.send(call).await, 422, "invalid", ["/header/Last-Event-ID"]);
    }
}

/// A token of a consumer that is good for so many seconds, with the half minute that clocks may disagree.
fn short_lived(name: &str, seconds: i64) -> String {
    let token = tokens().local(name, Role::Consumer, Duration::from_secs(60)).expect("a token");
    let claims = BASE64.decode(token.split('.').nth(1).expect("claims")).expect("Base64");
    let mut claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["exp"] = json!(claims["iat"].as_i64().expect("a time") + seconds - 30);
    let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::HS256) };
    encode(&header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("a token")
}

#[tokio::test]
async fn a_stream_ends_with_the_token_and_with_the_account() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let short = maya.say("hello").await;
    let noah = app.consumer("noah");
    let suspended = noah.say("hello").await;
    let token = short_lived("maya", 8);
    let mut with_the_token = Follow::after(&maya.with_token(&token), &short.id, None).await;
    let mut with_the_account = Follow::of(&suspended).await;
    app.database.execute("UPDATE users SET status = 'suspended' WHERE subject = 'noah'").await;
    let (first, second) = futures::join!(with_the_token.rest(), with_the_account.rest());
    assert!(!first.iter().chain(&second).any(Frame::is_end), "{first:#?} {second:#?}");
    // The same token is refused now, and another goes on.
    assert_problem!(maya.send(call(&maya.with_token(&token), &short.id, None)).await, 401, "unauthenticated");
    assert_problem!(noah.send(call(&noah, &suspended.id, None)).await, 401, "account_closed");
    let mut goes_on = Follow::of(&short).await;
    short.cancel().await.expect(200);
    assert_eq!(goes_on.rest().await.len(), 1);
}

#[tokio::test]
async fn one_user_follows_so_many_tasks_at_once() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say("hello").await;
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(Follow::of(&task).await);
    }
    let answer = guest.send(call(&guest, &task.id, None)).await;
    assert_problem!(answer, 429, "rate_limited");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    let other = app.guest().await.say("hello").await;
    let _anothers = Follow::of(&other).await;
    open.pop();
    eventually("the place of who left is free", async || {
        let response = call(&guest, &task.id, None).send().await.expect("the API answers");
        response.status() == 200
    })
    .await;
}
