//! Who is let in, and what belongs to whom.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proxie_shared::model::users::Role;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::{Answer, App, Caller, HAIRCUT, SECRET, Task, assert_problem, eventually, tokens};

/// What a good token says, but for some claims.
fn claims(other: &Value) -> Value {
    let now = Utc::now().timestamp();
    let mut claims = json!({"iss": "proxie", "sub": "maya", "aud": "proxie-api", "iat": now, "exp": now + 600, "role": "consumer"});
    for (name, value) in other.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn header(algorithm: Algorithm, kind: Option<&str>) -> Header {
    Header { typ: kind.map(str::to_owned), ..Header::new(algorithm) }
}

fn signed(claims: &Value, header: &Header, secret: &str) -> String {
    encode(header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

/// A token put together by hand.
fn by_hand(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| BASE64.encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

/// Tokens that are no good, with the reason.
fn bad_tokens() -> Vec<(&'static str, String)> {
    let now = Utc::now().timestamp();
    let usual = header(Algorithm::HS256, Some("at+jwt"));
    let with = |other: Value| signed(&claims(&other), &usual, SECRET);
    let good = with(json!({}));
    let (start, signature) = good.rsplit_once('.').unwrap();
    let none = json!({"alg": "none", "typ": "at+jwt"});
    vec![
        ("expired", with(json!({"exp": now - 3_600, "iat": now - 7_200}))),
        ("without an end", with(json!({"exp": null}))),
        ("not yet good", with(json!({"nbf": now + 3_600}))),
        ("made in the future", with(json!({"iat": now + 3_600}))),
        ("of another issuer", with(json!({"iss": "https://elsewhere.example"}))),
        ("for another audience", with(json!({"aud": "another-api"}))),
        ("for no audience", with(json!({"aud": null}))),
        ("of nobody", with(json!({"sub": null}))),
        ("in an unknown role", with(json!({"role": "owner"}))),
        ("of another type", signed(&claims(&json!({})), &header(Algorithm::HS256, Some("JWT")), SECRET)),
        ("of no type", signed(&claims(&json!({})), &header(Algorithm::HS256, None), SECRET)),
        ("signed by HS512", signed(&claims(&json!({})), &header(Algorithm::HS512, Some("at+jwt")), SECRET)),
        (
            "signed with another key",
            signed(&claims(&json!({})), &usual, "another secret, just as long as the right one"),
        ),
        ("unsigned", by_hand(&none, &claims(&json!({})), "")),
        ("unsigned with a signature", by_hand(&none, &claims(&json!({})), signature)),
        ("without its signature", format!("{start}.")),
        (
            "of a changed body",
            by_hand(&json!({"alg": "HS256", "typ": "at+jwt"}), &claims(&json!({"role": "admin"})), signature),
        ),
        ("in two parts", start.to_owned()),
        ("garbage", "garbage".to_owned()),
        ("too long", format!("{good}{}", "x".repeat(10_000))),
        // A guest's subject is a guest that was made.
        (
            "of a guest that was never made",
            with(json!({"iss": "proxie/guest", "sub": uuid::Uuid::now_v7(), "role": null})),
        ),
    ]
}

#[tokio::test]
async fn a_bad_token_is_refused_everywhere() {
    let app = App::builder().workers(0).start().await;
    let good = signed(&claims(&json!({})), &header(Algorithm::HS256, Some("at+jwt")), SECRET);
    app.anybody().with_token(&good).get("/chat/sessions").await.expect(200);
    for (why, token) in bad_tokens() {
        let caller = app.anybody().with_token(&token);
        // Also where none is needed, and before anything else is looked at.
        let answers = [
            caller.get("/chat/sessions").await,
            caller.post("/chat", json!({"message": HAIRCUT})).await,
            caller.post("/chat", json!({"nonsense": true})).await,
            caller.post("/requests", json!({})).await,
            caller.move_on("/auth/guest").await,
            caller.get("/chat/status/not-an-id").await,
        ];
        for answer in answers {
            assert_eq!(answer.status, 401, "a token {why}: {answer:?}");
            assert_problem!(answer, 401, "unauthenticated");
        }
    }
    assert_eq!(app.database.value("SELECT count(*) FROM tasks").await, 0);
}

#[tokio::test]
async fn a_token_comes_as_bearer_or_not_at_all() {
    let app = App::builder().workers(0).start().await;
    let token = app.guest().await.token.unwrap();
    let anybody = app.anybody();
    for header in [
        format!("Basic {token}"),
        token.clone(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {token} x"),
    ] {
        let call = anybody.call(reqwest::Method::GET, "/chat/sessions").header("authorization", &header);
        assert_problem!(anybody.send(call).await, 401, "unauthenticated");
    }
    assert_problem!(anybody.get("/chat/sessions").await, 401, "unauthenticated");
    // Never in a URL.
    assert_problem!(
        anybody.get(&format!("/chat/sessions?access_token={token}")).await,
        401,
        "unauthenticated"
    );
    let call = anybody
        .call(reqwest::Method::GET, "/chat/sessions")
        .header("authorization", format!("bearer {token}"));
    anybody.send(call).await.expect(200);
}

/// All that is told but for what differs from call to call.
fn but_for_its_id(answer: &Answer) -> (u16, HeaderMap, Value) {
    let (mut headers, mut body) = (answer.headers.clone(), answer.body.clone());
    for name in ["x-request-id", "date"] {
        assert!(headers.remove(name).is_some(), "no {name}");
    }
    body.as_object_mut().unwrap().remove("request_id");
    (answer.status, headers, body)
}

#[tokio::test]
async fn what_is_anothers_and_what_is_not_there_look_the_same() {
    let app = App::start().await;
    let (owner, guest) = (app.consumer("maya"), app.guest().await);
    let task = owner.say(HAIRCUT).await;
    task.result().await;
    let (nowhere, session) = (uuid::Uuid::now_v7(), &task.session);
    let strangers = [app.consumer("tom"), guest, app.user("ann", Role::Provider)];

    let calls: [(&str, &str, Vec<String>); 6] = [
        ("GET", "/chat/status/{}", vec![task.id.clone(), nowhere.to_string()]),
        ("GET", "/chat/status/{}?wait=5", vec![task.id.clone(), nowhere.to_string()]),
        ("POST", "/chat/cancel/{}", vec![task.id.clone(), nowhere.to_string()]),
        ("POST", "/chat/retry/{}", vec![task.id.clone(), nowhere.to_string()]),
        ("GET", "/chat/sessions/{}", vec![session.clone(), nowhere.to_string()]),
        ("DELETE", "/chat/sessions/{}", vec![session.clone(), nowhere.to_string()]),
    ];
    for stranger in &strangers {
        for (method, path, ids) in &calls {
            let mut told = Vec::new();
            for id in ids {
                let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
                let answer = stranger.send(stranger.call(method, &path.replace("{}", id))).await;
                assert_problem!(answer, 403, "not_yours");
                told.push(but_for_its_id(&answer));
            }
            assert_eq!(told[0], told[1], "{method} {path}");
        }
        let mut told = Vec::new();
        for id in [session.clone(), nowhere.to_string()] {
            let answer = stranger.post("/chat", json!({"message": "hello", "session_id": id})).await;
            assert_problem!(answer, 403, "not_yours");
            told.push(but_for_its_id(&answer));
        }
        assert_eq!(told[0], told[1], "a foreign id in a body");
    }
    assert_eq!(owner.session(session).await["id"], session.as_str(), "nothing happened to it");
    assert_eq!(task.status().await["status"], "completed");
}

#[tokio::test]
async fn a_foreign_client_message_id_does_not_lead_to_a_foreign_task() {
    let app = App::builder().workers(0).start().await;
    let (owner, stranger) = (app.guest().await, app.guest().await);
    let said = owner.post("/chat", json!({"message": HAIRCUT, "client_message_id": "m-1"})).await;
    let session = Task::accepted(&owner, &said).session;
    let body = json!({"message": HAIRCUT, "client_message_id": "m-1", "session_id": session});
    assert_problem!(stranger.post("/chat", body).await, 403, "not_yours");
}

/// Waits until an account's closing is noticed, which takes 5 s at most.
async fn is_refused(caller: &Caller) {
    let began = std::time::Instant::now();
    eventually("the account is closed", async || caller.get("/chat/sessions").await.status == 401).await;
    assert!(began.elapsed() < Duration::from_secs(7), "noticed after {:?}", began.elapsed());
    for answer in
        [caller.get("/chat/sessions").await, caller.post("/chat", json!({"message": HAIRCUT})).await]
    {
        assert_problem!(answer, 401, "account_closed");
    }
}

#[tokio::test]
async fn a_closed_account_is_refused_within_seconds() {
    let app = App::builder().workers(0).start().await;
    let (maya, tom, guest) = (app.consumer("maya"), app.consumer("tom"), app.guest().await);
    for caller in [&maya, &tom, &guest] {
        caller.get("/chat/sessions").await.expect(200);
    }
    app.database.execute("UPDATE users SET status = 'suspended' WHERE subject = 'maya'; UPDATE users SET status = 'deleted', closed_at = now() WHERE role = 'guest'").await;
    futures::join!(is_refused(&maya), is_refused(&guest));
    tom.get("/chat/sessions").await.expect(200);
    // A new token of the same person does not open the account again.
    assert_problem!(app.user("maya", Role::Admin).get("/chat/sessions").await, 401, "account_closed");
}

#[tokio::test]
async fn roles_may_have_only_their_own_conversations() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let asks = async |caller: &Caller, role: &str| {
        caller.post("/chat", json!({"message": HAIRCUT, "role": role})).await
    };
    asks(&guest, "consumer").await.expect(202);
    assert_problem!(asks(&guest, "provider").await, 403, "account_required");
    assert_problem!(asks(&guest, "enrollment").await, 403, "account_required");
    assert_problem!(asks(&app.consumer("maya"), "provider").await, 403, "wrong_role");
    assert_problem!(asks(&app.user("ann", Role::Provider), "consumer").await, 403, "wrong_role");
    // Enrolling is for whoever has an account and no profile.
    for role in [Role::Consumer, Role::Provider, Role::Admin] {
        asks(&app.user(&format!("{role}"), role), "enrollment").await.expect(202);
    }
    assert_problem!(asks(&guest, "admin").await, 422, "invalid", ["/body/role"]);
}

#[tokio::test]
async fn a_guests_old_token_is_answered_with_a_fresh_one() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let sub = app.database.value("SELECT subject FROM users").await;
    let now = Utc::now().timestamp();
    let days = |days: i64| now - days * 24 * 3_600;
    let token = |made: i64| {
        let old = json!({"iss": "proxie/guest", "sub": sub, "role": null, "iat": made, "exp": now + 600});
        signed(&claims(&old), &header(Algorithm::HS256, Some("at+jwt")), SECRET)
    };
    let answer =
        guest.with_token(&token(days(2))).post("/chat", json!({"message": HAIRCUT})).await.expect(202);
    let fresh = answer.body["guest_token"].as_str().expect("a fresh token").to_owned();
    assert_eq!(tokens().verify(&fresh).unwrap().subject, sub.as_str().unwrap(), "of the same guest");
    let answer =
        guest.with_token(&token(days(0))).post("/chat", json!({"message": HAIRCUT})).await.expect(202);
    assert!(answer.body.get("guest_token").is_none(), "{answer:?}");
}
