//! How providers work, whether they do, and how they fare.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::open;
use crate::support::{Answer, App, Caller, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn put(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.send(caller.call(Method::PUT, path).json(&body)).await
}

#[tokio::test]
async fn settings_are_kept() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}/settings");
    let before = json!({"auto_offer": false, "min_price_cents": null, "radius_km": 10.0});
    assert_eq!(owner.get(&path).await.expect(200).body, before);
    let wanted = json!({"auto_offer": true, "min_price_cents": 5_000, "radius_km": 12.5});
    assert_eq!(put(&owner, &path, wanted.clone()).await.expect(200).body, wanted);
    assert_eq!(owner.get(&path).await.expect(200).body, wanted);
    let wrong = json!({"auto_offer": "yes", "min_price_cents": -1, "price": 3});
    let wrong = put(&owner, &path, wrong).await;
    assert_problem!(
        wrong,
        422,
        "invalid",
        ["/body/auto_offer", "/body/min_price_cents", "/body/price", "/body/radius_km"]
    );
}

#[tokio::test]
async fn an_owner_pauses_and_goes_on_and_an_admin_stops() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}/status");
    for (status, moves) in [("paused", 1), ("paused", 1), ("active", 2), ("active", 2)] {
        let moved = put(&owner, &path, json!({"status": status})).await.expect(200).body;
        assert_eq!(moved["status"], status);
        assert_eq!(app.database.value("SELECT count(*) FROM provider_history").await, moves);
    }
    assert_problem!(
        put(&owner, &path, json!({"status": "suspended"})).await,
        422,
        "invalid",
        ["/body/status"]
    );
    app.database.execute("UPDATE providers SET status = 'suspended'").await;
    let refused = put(&owner, &path, json!({"status": "active"})).await;
    assert_problem!(refused, 409, "illegal_move");
    assert_eq!(refused.body["from"], "suspended", "{refused:?}");
}

#[tokio::test]
async fn stats_count_what_happened_to_one_provider() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let (other, others) = open(&app, "other", json!({})).await;
    let [mine, theirs]: [Uuid; 2] = [id.parse().unwrap(), others.parse().unwrap()];
    let path = format!("/providers/{id}/stats");
    let none = owner.get(&path).await.expect(200).body;
    assert_eq!(
        (&none["leads"]["total"], &none["offers"]["win_rate"], &none["revenue"]),
        (&json!(0), &Value::Null, &json!([]))
    );
    let mut bookings = Vec::new();
    for at in 0..4 {
        let request = app.request_row(app.user_row(Role::Consumer).await).await;
        app.lead_row(request, mine).await;
        app.lead_row(request, theirs).await;
        let offer = app.offer_row(request, mine).await;
        if at > 0 {
            bookings.push(app.booking_row(offer, at * 2).await);
        }
    }
    for (booking, currency) in bookings.iter().zip(["USD", "EUR"]) {
        let done = format!(
            "UPDATE bookings SET status = 'completed', ended_at = now(), currency = '{currency}' WHERE id = '{booking}'"
        );
        app.database.execute(&done).await;
    }
    app.database.execute("UPDATE request_matches SET viewed_at = now() WHERE request_id = (SELECT min(id::text)::uuid FROM requests)").await;
    let stats = owner.get(&path).await.expect(200).body;
    assert_eq!(stats["leads"], json!({"total": 4, "viewed": 1, "passed": 0}));
    assert_eq!(stats["offers"], json!({"total": 4, "pending": 1, "wins": 3, "win_rate": 1.0}));
    assert_eq!((&stats["bookings"]["completed"], &stats["bookings"]["upcoming"]), (&json!(2), &json!(1)));
    assert_eq!(
        stats["revenue"],
        json!([{"currency": "EUR", "cents": 5_000}, {"currency": "USD", "cents": 5_000}])
    );
    let theirs = other.get(&format!("/providers/{others}/stats")).await.expect(200).body;
    assert_eq!((&theirs["leads"]["total"], &theirs["offers"]["total"]), (&json!(4), &json!(0)));
    assert_problem!(other.get(&path).await, 403, "not_yours");
}
