//! What happens while something else happens: accounts that close, passwords that change, rows that others hold.

use std::time::{Duration, Instant};

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{App, Caller, HAIRCUT, Process, WAITING, assert_problem, eventually};

const PASSWORD: &str = "correct horse battery";

async fn maya(app: &App) -> Caller {
    let body = json!({"email": "maya@example.com", "password": PASSWORD});
    let made = app.anybody().post("/auth/register", body).await.expect(201);
    app.anybody().with_token(made.body["access_token"].as_str().expect("a token"))
}

fn request() -> Value {
    json!({"service_id": "haircut", "city": "Brooklyn", "description": "curly hair"})
}

#[tokio::test]
async fn a_password_that_changes_while_it_is_checked_lets_nobody_in() {
    let app = App::builder().workers(0).start().await;
    let maya = maya(&app).await;
    let held = app.database.hold("BEGIN; SELECT FROM users FOR UPDATE").await;
    let anybody = app.anybody();
    let body = json!({"email": "maya@example.com", "password": PASSWORD});
    let sign_in = anybody.post("/auth/login", body);
    let body = json!({"current_password": PASSWORD, "new_password": "another one, longer"});
    let change = maya.post("/auth/password", body);
    let meanwhile = async {
        eventually("both wait", async || app.database.value(WAITING).await == 2).await;
        held.finish("UPDATE accounts SET password_hash = password_hash || 'x'; COMMIT").await;
    };
    let (signed_in, changed, ()) = tokio::join!(sign_in, change, meanwhile);
    assert_problem!(signed_in, 401, "unauthenticated");
    assert_problem!(changed, 422, "invalid", ["/body/current_password"]);
}

#[tokio::test]
async fn a_role_that_is_taken_while_its_owner_signs_in_does_not_come_back() {
    let app = App::builder().workers(0).start().await;
    maya(&app).await;
    app.database.execute("UPDATE users SET role = 'admin'").await;
    let held = app.database.hold("BEGIN; SELECT FROM users FOR UPDATE").await;
    let anybody = app.anybody();
    let body = json!({"email": "maya@example.com", "password": PASSWORD});
    let meanwhile = async {
        eventually("the sign-in waits", async || app.database.value(WAITING).await == 1).await;
        // As of then, though the token is made after.
        held.finish("UPDATE users SET role = 'consumer', role_changed_at = now(); COMMIT").await;
    };
    let (signed_in, ()) = tokio::join!(anybody.post("/auth/login", body), meanwhile);
    let token = signed_in.expect(200).body["access_token"].as_str().expect("a token").to_owned();
    let maya = app.anybody().with_token(&token);
    assert_problem!(maya.get("/admin/audit").await, 403, "wrong_role");
    assert_eq!(app.database.value("SELECT role FROM users").await, "consumer");
}

#[tokio::test]
async fn nothing_begins_for_an_account_that_closed() {
    let app = App::builder().workers(0).start().await;
    let maya = maya(&app).await;
    let session = maya.say("hello").await.session;
    maya.delete("/auth/me").await.expect(204);
    // Her token is believed for some seconds more.
    for body in [json!({"message": HAIRCUT}), json!({"message": HAIRCUT, "session_id": session})] {
        assert_problem!(maya.post("/chat", body).await, 401, "account_closed");
    }
    assert_problem!(maya.post("/requests", request()).await, 401, "account_closed");
    assert_eq!(app.database.value("SELECT count(*) FROM tasks WHERE status = 'processing'").await, 0);
}

#[tokio::test]
async fn nothing_begins_for_an_account_that_is_being_closed() {
    let app = App::builder().workers(0).start().await;
    let maya = maya(&app).await;
    let held = app.database.hold("BEGIN; UPDATE users SET status = 'deleted', closed_at = now()").await;
    let message = maya.post("/chat", json!({"message": HAIRCUT}));
    let posted = maya.post("/requests", request());
    let meanwhile = async {
        eventually("both wait", async || app.database.value(WAITING).await == 2).await;
        held.finish("COMMIT").await;
    };
    let (message, posted, ()) = tokio::join!(message, posted, meanwhile);
    assert_problem!(message, 401, "account_closed");
    assert_problem!(posted, 401, "account_closed");
}

#[tokio::test]
async fn a_guest_who_became_somebody_begins_nothing_more() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    guest.say("hello").await;
    let token = guest.token.as_deref().expect("a token");
    app.consumer("maya").post("/chat/sessions/claim", json!({"guest_token": token})).await.expect(200);
    assert_problem!(guest.post("/chat", json!({"message": HAIRCUT})).await, 401, "account_closed");
}

#[tokio::test]
async fn who_names_anothers_conversation_neither_waits_for_it_nor_locks_it() {
    let app = App::builder().workers(0).start().await;
    let session = app.consumer("maya").say("hello").await.session;
    let noah = app.consumer("noah");
    let _held = app.database.hold("BEGIN; SELECT FROM chat_sessions FOR UPDATE").await;
    let body = json!({"message": "hello", "session_id": session});
    let refused = noah.post("/chat", body).await;
    assert_problem!(refused, 403, "not_yours");
    assert_eq!(app.database.value(WAITING).await, 0);
}

#[tokio::test]
async fn a_call_that_is_stuck_keeps_nobody_elses_message_back() {
    let app = App::builder().workers(0).start().await;
    let (maya, noah) = (app.consumer("maya"), app.consumer("noah"));
    maya.get("/auth/me").await.expect(200);
    let _held = app
        .database
        .hold(
            "BEGIN; INSERT INTO idempotency_keys (user_id, route, key, sent)
             SELECT id, 'POST /chat', 'k', sha256('other') FROM users WHERE subject = 'maya'",
        )
        .await;
    let call = || maya.call(Method::POST, "/chat").json(&json!({"message": "hello"}));
    let stuck = join_all((0..4).map(|_| maya.send(call().header("idempotency-key", "k"))));
    let meanwhile = async {
        eventually("they are stuck", async || app.database.value(WAITING).await != 0).await;
        for _ in 0..10 {
            noah.post("/chat", json!({"message": "hello"})).await.expect(202);
        }
        maya.send(call().header("idempotency-key", "another")).await.expect(202);
        Instant::now()
    };
    let begun = Instant::now();
    let (stuck, others) = tokio::join!(stuck, meanwhile);
    for answer in stuck {
        assert_problem!(answer, 409, "idempotency_in_flight");
    }
    assert!(
        others.duration_since(begun) < begun.elapsed(),
        "the others did not wait for those who were stuck"
    );
}

#[tokio::test]
async fn an_api_told_to_stop_answers_those_who_wait() {
    let app = App::builder().workers(0).start().await;
    let (api, anybody) = Process::api(&app, &[]).await;
    let maya = anybody.with_token(app.consumer("maya").token.as_deref().expect("a token"));
    let task = maya.say("hello").await;
    let path = format!("/chat/status/{}?wait=30", task.id);
    let waiting = join_all((0..20).map(|_| maya.get(&path)));
    let stopping = async {
        eventually("the polls have begun", async || {
            let metrics = maya.get("/metrics").await.text;
            metrics.contains("proxie_long_polls 20")
        })
        .await;
        api.signal("TERM");
        Instant::now()
    };
    let (answers, told) = tokio::join!(waiting, stopping);
    for answer in answers {
        assert_eq!(answer.expect(200).body["status"], "processing");
    }
    assert_eq!(api.ends().await, Some(0));
    assert!(told.elapsed() < Duration::from_secs(20), "{:?}", told.elapsed());
}
