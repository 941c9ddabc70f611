//! Who may have a live channel, and for how long.

use std::time::Duration;

use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{App, LiveClient, tokens};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_valid_token_nobody_is_connected() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let url = &app.live[0];
    let maya = app.consumer("maya");
    let good = maya.token.clone().unwrap();
    let expired = tokens().local("maya", Role::Consumer, Duration::ZERO).unwrap();
    maya.get("/auth/me").await.expect(200);
    let suspend = "UPDATE users SET status = 'suspended' WHERE subject = 'ann'";
    let ann = app.consumer("ann");
    ann.get("/auth/me").await.expect(200);
    app.database.execute(suspend).await;

    for (what, auth) in [
        ("nothing", Value::Null),
        ("no token", json!({})),
        ("not even a text", json!({"token": 7})),
        ("no token of anybody", json!({"token": "nobody's"})),
        ("the scheme before it", json!({"token": format!("Bearer {good}")})),
        ("cut off", json!({"token": good[..good.len() - 1]})),
        ("expired", json!({"token": expired})),
    ] {
        let why = LiveClient::refusal(url, auth).await;
        assert!(why.starts_with("unauthenticated: "), "{what}: {why}");
    }
    let why = LiveClient::refusal(url, json!({"token": ann.token})).await;
    assert!(why.starts_with("account_closed: "), "{why}");
    LiveClient::connected(url, &maya).await;
    LiveClient::connected(url, &app.guest().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_its_token_unless_that_is_renewed() {
    let app = App::builder().workers(0).realtime(1).start().await;
    // Whoever has less than two minutes is told after half of that.
    let short = tokens().local("maya", Role::Consumer, Duration::from_secs(8)).unwrap();
    let maya = app.anybody().with_token(&short);
    let (mut ends, mut renews) =
        (LiveClient::connected(&app.live[0], &maya).await, LiveClient::connected(&app.live[0], &maya).await);
    for client in [&mut ends, &mut renews] {
        assert!(client.hears("auth:expiring").await["expires_at"].is_string());
    }

    let anothers = app.consumer("ann");
    anothers.get("/auth/me").await.expect(200);
    let refused = renews.asks("auth:renew", json!({"token": anothers.token})).await;
    assert_eq!(refused["error"]["code"], "not_yours", "{refused}");
    let refused = renews.asks("auth:renew", json!({"token": "nobody's"})).await;
    assert_eq!(refused["error"]["code"], "unauthenticated", "{refused}");
    let longer = app.consumer("maya");
    let renewed = renews.asks("auth:renew", json!({"token": longer.token})).await;
    assert!(renewed["expires_at"].is_string(), "{renewed}");

    let told = ends.ends().await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["event"], "auth:ended");
    assert_eq!(told[0]["data"]["error"]["code"], "unauthenticated");
    // The other one outlives it.
    let answer = renews.asks("resume", json!({})).await;
    assert!(answer["seq"].is_i64(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_the_account() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let maya = app.consumer("maya");
    let mut client = LiveClient::connected(&app.live[0], &maya).await;
    app.database.execute("UPDATE users SET status = 'suspended' WHERE subject = 'maya'").await;
    let told = client.ends().await;
    assert_eq!(told.last().unwrap()["data"]["error"]["code"], "account_closed", "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_and_the_connection_stays() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let mut client = LiveClient::connected(&app.live[0], &app.consumer("maya")).await;
    for (name, data) in [
        ("resume", json!({"after": -1})),
        ("resume", json!({"after": "all"})),
        ("resume", Value::Null),
        ("session:join", json!({"session_id": "mine"})),
        ("session:join", json!({})),
    ] {
        let refused = client.asks(name, data.clone()).await;
        assert_eq!(refused["error"]["code"], "invalid", "{name} {data}: {refused}");
    }
    let answer = client.asks("resume", json!({})).await;
    assert!(answer["seq"].is_i64(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_cannot_hold_any_number_of_connections() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let maya = app.consumer("maya");
    let mut held = Vec::new();
    for _ in 0..20 {
        held.push(LiveClient::connected(&app.live[0], &maya).await);
    }
    let mut one_too_many = LiveClient::connected(&app.live[0], &maya).await;
    let told = one_too_many.ends().await;
    assert_eq!(told[0]["data"]["error"]["code"], "rate_limited", "{told:?}");
    LiveClient::connected(&app.live[0], &app.consumer("ann")).await;
}
