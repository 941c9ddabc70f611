//! What becomes of things without anybody asking. Time is moved in the rows; two schedules look at once, and twice.

use std::fmt::Display;

use proxie_shared::domain::sweep;
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use proxie_worker::schedule;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::App;

/// Two schedules look for what is due, both at once, until nothing is; answers of how much that was.
async fn pass(app: &App) -> usize {
    let queue = || Queue::new(app.database.pool(), Redis::new(&app.redis.config()).expect("Redis"));
    let (one, other) = (queue(), queue());
    let mut all = 0;
    loop {
        let (a, b) = tokio::join!(schedule::tick(&one, 3), schedule::tick(&other, 3));
        all += a + b;
        if a + b == 0 {
            return all;
        }
    }
}

async fn status(app: &App, table: &str, id: Uuid) -> Value {
    app.database.value(&format!("SELECT status::text FROM {table} WHERE id = '{id}'")).await
}

/// How often somebody was told something about a thing.
async fn told(app: &App, kind: &str, column: &str, id: impl Display) -> Value {
    let count = format!("SELECT count(*) FROM notifications WHERE kind = '{kind}' AND {column} = '{id}'");
    app.database.value(&count).await
}

/// Tasks of a request that wait or run.
async fn open_matchings(app: &App, request: Uuid) -> Value {
    let count = format!(
        "SELECT count(*) FROM tasks WHERE request_id = '{request}' AND kind = 'matching' AND status = 'processing'"
    );
    app.database.value(&count).await
}

/// A request whose first matching is over.
async fn matched_request(app: &App) -> Uuid {
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    let end = format!(
        "UPDATE tasks SET status = 'completed', stage = 'done', result = '{{}}' WHERE request_id = '{request}'"
    );
    app.database.execute(&end).await;
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_expires_with_its_offers() {
    let app = App::builder().workers(0).start().await;
    let mut requests = Vec::new();
    for _ in 0..7 {
        let provider = app.provider_row(app.user_row(Role::Provider).await).await;
        let request = app.request_row(app.user_row(Role::Consumer).await).await;
        requests.push((request, app.offer_row(request, provider).await));
    }
    let lives = app.request_row(app.user_row(Role::Consumer).await).await;
    app.database
        .execute(&format!(
            "UPDATE requests SET expires_at = now() - interval '1 minute' WHERE id <> '{lives}'"
        ))
        .await;
    assert_eq!(pass(&app).await, 7);
    for (request, offer) in requests {
        assert_eq!(status(&app, "requests", request).await, "expired");
        assert_eq!(status(&app, "offers", offer).await, "expired");
        assert_eq!(open_matchings(&app, request).await, 0, "what works on it ends");
        for table in ["request", "offer"] {
            let id = if table == "request" { request } else { offer };
            let moves = format!(
                r#"SELECT count(*) FROM {table}_history WHERE {table}_id = '{id}' AND "to" = 'expired' AND actor_id IS NULL"#
            );
            assert_eq!(app.database.value(&moves).await, 1, "{table}");
        }
        assert_eq!(told(&app, "request_expired", "request_id", request).await, 1);
        assert_eq!(told(&app, "offer_expired", "offer_id", offer).await, 1);
    }
    assert_eq!(status(&app, "requests", lives).await, "matching");
    assert_eq!(pass(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_somebody_is_moving_waits() {
    let app = App::builder().workers(0).start().await;
    let request = app.request_row(app.user_row(Role::Consumer).await).await;
    app.database.execute("UPDATE requests SET expires_at = now() - interval '1 minute'").await;
    let held = app
        .database
        .hold(&format!("BEGIN; SELECT FROM requests WHERE id = '{request}' FOR NO KEY UPDATE"))
        .await;
    assert_eq!(pass(&app).await, 0, "nobody waits for it");
    held.finish("ROLLBACK").await;
    assert_eq!(pass(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_answered_is_matched_again() {
    let app = App::builder().workers(0).start().await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let (due, later, lost, routed, waiting) = (
        matched_request(&app).await,
        matched_request(&app).await,
        matched_request(&app).await,
        matched_request(&app).await,
        app.request_row(app.user_row(Role::Consumer).await).await,
    );
    for request in [routed, lost] {
        app.lead_row(request, provider).await;
    }
    app.database
        .execute(&format!(
            "UPDATE requests SET next_match_at = now() - interval '1 second' WHERE id IN ('{due}', '{routed}', '{waiting}');
             UPDATE requests SET next_match_at = now() + interval '1 minute' WHERE id = '{later}';
             UPDATE requests SET matched_at = now() - interval '6 hours' WHERE id = '{lost}'"
        ))
        .await;
    assert_eq!(pass(&app).await, 3);
    for (request, open) in [(due, 1), (routed, 1), (lost, 1), (later, 0), (waiting, 1)] {
        assert_eq!(open_matchings(&app, request).await, open, "{request}");
    }
    let forgotten = app.database.value("SELECT count(*) FROM requests WHERE next_match_at IS NULL").await;
    assert_eq!(forgotten, 0, "should that one be lost too, they come again");
    assert_eq!(pass(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_routed_or_offered_is_left_alone_till_its_time() {
    let app = App::builder().workers(0).start().await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let (routed, offered) = (matched_request(&app).await, matched_request(&app).await);
    app.lead_row(routed, provider).await;
    app.offer_row(offered, provider).await;
    app.database
        .execute(&format!(
            "UPDATE requests SET matched_at = now() - interval '5 hours' WHERE id = '{routed}';
             UPDATE requests SET next_match_at = now() - interval '1 hour' WHERE id = '{offered}'"
        ))
        .await;
    assert_eq!(pass(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_are_reminded_once_a_day_before() {
    let app = App::builder().workers(0).start().await;
    let mut bookings = Vec::new();
    for hours in [1, 23, 25, -1] {
        let provider = app.provider_row(app.user_row(Role::Provider).await).await;
        let request = app.request_row(app.user_row(Role::Consumer).await).await;
        bookings.push(app.booking_row(app.offer_row(request, provider).await, hours).await);
    }
    assert_eq!(pass(&app).await, 2);
    for (booking, times) in bookings.iter().zip([2, 2, 0, 0]) {
        assert_eq!(told(&app, "reminder_24h", "booking_id", booking).await, times);
    }
    assert_eq!(pass(&app).await, 0);
    let sides = format!(
        "SELECT count(DISTINCT user_id) FROM notifications WHERE kind = 'reminder_24h' AND booking_id = '{}'",
        bookings[0]
    );
    assert_eq!(app.database.value(&sides).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_is_swept() {
    let app = App::builder().workers(0).start().await;
    let request = matched_request(&app).await;
    let (draft, kept) = (Uuid::now_v7(), Uuid::now_v7());
    let made = format!(
        "UPDATE tasks SET updated_at = now() - interval '8 days';
         INSERT INTO task_steps (task_id, no, kind, name, output, claim_no)
           SELECT id, 1, 'tool', 'matching', '{{}}', 1 FROM tasks;
         INSERT INTO enrollments (id, user_id, expires_at) VALUES
           ('{draft}', '{}', now() - interval '1 minute'), ('{kept}', '{}', now() + interval '1 minute')",
        app.user_row(Role::Consumer).await,
        app.user_row(Role::Consumer).await
    );
    app.database.execute(&made).await;
    let fresh = matched_request(&app).await;
    let store = proxie_shared::storage::Store::new(&app.worker.media).expect("a store");
    for _ in 0..2 {
        sweep::sweep(&app.database.pool(), &store).await.expect("PostgreSQL");
    }
    let of = |request: Uuid| format!("SELECT result FROM tasks WHERE request_id = '{request}'");
    assert_eq!(app.database.value(&of(request)).await, Value::Null);
    assert_eq!(app.database.value(&of(fresh)).await, json!({}));
    assert_eq!(app.database.value("SELECT count(*) FROM task_steps").await, 0);
    let left = app.database.value("SELECT count(*) FROM enrollments").await;
    assert_eq!(left, 1, "{kept} stays");
}
