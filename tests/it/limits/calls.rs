//! Rate limits as callers meet them.

use std::time::{SystemTime, UNIX_EPOCH};

use proxie_shared::test_support::TestRedis;
use serde_json::json;

use crate::support::{Answer, App, HAIRCUT, Process, assert_problem};

/// What `§7` says.
fn usual(limits: &mut proxie_shared::config::LimitsConfig) {
    (limits.chat, limits.write, limits.read) = (10, 60, 300);
    (limits.guest_address, limits.new_guests) = (60, 20);
    (limits.sign_in, limits.sign_in_address) = (5, 20);
}

fn number(answer: &Answer, header: &str) -> u64 {
    answer
        .header(header)
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("no {header}: {answer:?}"))
}

fn check_refusal(answer: &Answer) {
    assert_problem!(answer, 429, "rate_limited");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let after = number(answer, "retry-after");
    assert!((1..=60).contains(&after), "{answer:?}");
    let reset = number(answer, "x-ratelimit-reset");
    assert!((now..=now + 61).contains(&reset), "{answer:?}");
    assert_eq!(number(answer, "x-ratelimit-remaining"), 0);
}

#[tokio::test]
async fn the_eleventh_message_in_a_minute_is_too_many() {
    let app = App::builder().workers(0).limits(usual).start().await;
    let maya = app.consumer("maya");
    for left in (0..10).rev() {
        let taken = maya.post("/chat", json!({"message": HAIRCUT})).await.expect(202);
        assert_eq!(
            (number(&taken, "x-ratelimit-limit"), number(&taken, "x-ratelimit-remaining")),
            (10, left)
        );
    }
    check_refusal(&maya.post("/chat", json!({"message": HAIRCUT})).await);
    // Neither another user nor her other calls are touched.
    app.consumer("noah").post("/chat", json!({"message": HAIRCUT})).await.expect(202);
    maya.get("/chat/sessions").await.expect(200);
    assert_eq!(app.database.value("SELECT count(*) FROM tasks").await, 11);
}

#[tokio::test]
async fn two_processes_count_together() {
    let app = App::builder().workers(0).limits(usual).start().await;
    let (_other, there) = Process::api(&app, &[]).await;
    let maya = app.consumer("maya");
    let callers = [maya.clone(), there.with_token(maya.token.as_deref().unwrap())];
    let mut statuses = Vec::new();
    for at in 0..11 {
        let answer = callers[at % 2].post("/chat", json!({"message": HAIRCUT})).await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses[..10], [202; 10]);
    assert_eq!(statuses[10], 429);
}

#[tokio::test]
async fn without_redis_the_process_counts() {
    let app =
        App::builder().workers(0).limits(usual).redis(TestRedis::at("redis://127.0.0.1:9")).start().await;
    let maya = app.consumer("maya");
    for _ in 0..10 {
        maya.post("/chat", json!({"message": HAIRCUT})).await.expect(202);
    }
    check_refusal(&maya.post("/chat", json!({"message": HAIRCUT})).await);
}

#[tokio::test]
async fn guests_count_by_their_address() {
    let app = App::builder().workers(0).limits(usual).start().await;
    for _ in 0..20 {
        app.anybody().move_on("/auth/guest").await.expect(201);
    }
    check_refusal(&app.anybody().move_on("/auth/guest").await);
    check_refusal(&app.anybody().post("/chat", json!({"message": HAIRCUT})).await);
    // An address that somebody makes up is not believed.
    let made_up =
        app.anybody().call(reqwest::Method::POST, "/auth/guest").header("x-forwarded-for", "192.0.2.1");
    check_refusal(&app.anybody().send(made_up).await);
    // Who has an account does not suffer from them.
    app.consumer("maya").get("/chat/sessions").await.expect(200);
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_address_is_the_callers() {
    let trusting = |limits: &mut proxie_shared::config::LimitsConfig| {
        usual(limits);
        limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let app = App::builder().workers(0).limits(trusting).start().await;
    let from = |address: &str| {
        app.anybody().call(reqwest::Method::POST, "/auth/guest").header("x-forwarded-for", address.to_owned())
    };
    for _ in 0..20 {
        app.anybody().send(from("198.51.100.9, 192.0.2.1")).await.expect(201);
    }
    // Only what the proxy itself saw counts.
    check_refusal(&app.anybody().send(from("203.0.113.5, 192.0.2.1")).await);
    app.anybody().send(from("192.0.2.1, 192.0.2.2")).await.expect(201);
    // The addresses of one household of IPv6 are one.
    for at in 0..20 {
        app.anybody().send(from(&format!("2001:db8:1:2::{at}"))).await.expect(201);
    }
    check_refusal(&app.anybody().send(from("2001:db8:1:2:ffff::1")).await);
    app.anybody().send(from("2001:db8:1:3::1")).await.expect(201);
}

#[tokio::test]
async fn passwords_cannot_be_tried_at_will() {
    let app = App::builder().workers(0).limits(usual).start().await;
    let login = async |email: &str| {
        app.anybody().post("/auth/login", json!({"email": email, "password": "a wrong password"})).await
    };
    for _ in 0..5 {
        assert_problem!(login("maya@example.com").await, 401, "unauthenticated");
    }
    check_refusal(&login("MAYA@example.com").await);
    // The sixth was refused for the account; the address had let it through.
    for at in 0..14 {
        assert_problem!(login(&format!("{at}@example.com")).await, 401, "unauthenticated");
    }
    check_refusal(&login("somebody@example.com").await);
}

#[tokio::test]
async fn a_login_without_sense_counts_for_its_address() {
    let app = App::builder().workers(0).limits(usual).start().await;
    for left in (0..20).rev() {
        let answer = app.anybody().post("/auth/login", json!({"email": 5})).await;
        assert_problem!(answer, 422, "invalid", ["/body/email", "/body/password"]);
        assert_eq!(number(&answer, "x-ratelimit-remaining"), left);
    }
    check_refusal(&app.anybody().post("/auth/login", json!({})).await);
}

#[tokio::test]
async fn a_stolen_token_does_not_find_out_the_password() {
    let app = App::builder().workers(0).limits(usual).start().await;
    let made = json!({"email": "maya@example.com", "password": "correct horse battery"});
    let made = app.anybody().post("/auth/register", made).await.expect(201);
    let thief = app.anybody().with_token(made.body["access_token"].as_str().unwrap());
    let guess =
        || thief.post("/auth/password", json!({"current_password": "a guess", "new_password": "12345678"}));
    for left in (0..5).rev() {
        let answer = guess().await;
        assert_problem!(answer, 422, "invalid", ["/body/current_password"]);
        assert_eq!(
            (number(&answer, "x-ratelimit-limit"), number(&answer, "x-ratelimit-remaining")),
            (5, left)
        );
    }
    check_refusal(&guess().await);
}

#[tokio::test]
async fn whom_the_proxy_does_not_name_is_neither_inside_nor_apart() {
    let trusting = |limits: &mut proxie_shared::config::LimitsConfig| {
        usual(limits);
        limits.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    };
    let production = |http: &mut proxie_shared::config::HttpConfig| http.production = true;
    let app = App::builder().workers(0).limits(trusting).http(production).start().await;
    let nobody: [&[u8]; 6] = [b"\xff", b"10.0.0.7, \xff", b"unknown", b"", b"10.0.0.7,", b"fe80::1%eth0"];
    let call = |method, path, from: &[u8]| {
        let from = reqwest::header::HeaderValue::from_bytes(from).unwrap();
        app.anybody().call(method, path).header("x-forwarded-for", from)
    };
    use reqwest::Method;
    for from in nobody {
        assert_problem!(app.anybody().send(call(Method::GET, "/metrics", from)).await, 404, "not_found");
    }
    assert_problem!(app.anybody().get("/metrics").await, 404, "not_found");
    // What a client claims does not hide what the proxy saw.
    app.anybody().send(call(Method::GET, "/metrics", b"\xff, 10.0.0.7")).await.expect(200);
    let seen = call(Method::GET, "/metrics", b"10.0.0.7, \xff, 192.0.2.1");
    assert_problem!(app.anybody().send(seen).await, 404, "not_found");

    for at in 0..20 {
        app.anybody().send(call(Method::POST, "/auth/guest", nobody[at % nobody.len()])).await.expect(201);
    }
    check_refusal(&app.anybody().send(call(Method::POST, "/auth/guest", b"unknown")).await);
    check_refusal(&app.anybody().move_on("/auth/guest").await);
    app.anybody().send(call(Method::POST, "/auth/guest", b"\xff, 192.0.2.1")).await.expect(201);
}
