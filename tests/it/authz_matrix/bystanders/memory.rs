//! Bystanders of what is remembered.

use proxie_shared::db;
use proxie_shared::domain::memory;
use proxie_shared::model::UserId;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{claim, somebody};
use crate::support::{App, Caller};

const MEMORY: &str = "/consumers/me/memory";

async fn state(caller: &Caller, body: Value) -> Value {
    caller.send(caller.call(Method::PATCH, MEMORY).json(&body)).await.expect(200).body["stated"].clone()
}

async fn stated(caller: &Caller) -> Value {
    caller.get(MEMORY).await.expect(200).body["stated"].clone()
}

pub async fn what_is_remembered_is_ones_own(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    let his = state(&noah, json!({"timing": "evenings", "places": ["Queens"]})).await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let owner = app.id_of(&noah).await;
    let liked = format!(
        "INSERT INTO preferences (user_id, source, key, same, provider_id)
           VALUES ('{owner}', 'learned', 'favourite_providers', '{provider}', '{provider}')"
    );
    app.database.execute(&liked).await;
    let nothing = stated(&maya).await;
    assert_eq!((&nothing["timing"], &nothing["places"]), (&Value::Null, &json!([])));
    state(&maya, json!({"timing": "mornings", "places": null})).await;
    assert_eq!(stated(&noah).await, his, "what another states takes nothing of his");
    maya.delete(&format!("{MEMORY}?key=timing")).await.expect(200);
    maya.delete(MEMORY).await.expect(200);
    // She did not like the provider.
    let booking = app.done_booking_row(app.id_of(&maya).await, provider, 40).await;
    maya.post("/reviews", json!({"booking_id": booking, "rating": 1})).await.expect(201);
    let all = noah.get(MEMORY).await.expect(200).body;
    assert_eq!(all["stated"], his, "what another forgets is forgotten of her");
    assert_eq!(all["learned"]["favourite_providers"][0]["provider_id"], json!(provider));
}

/// Somebody who came by without an account, and of whom something is remembered.
async fn guest(app: &App, name: &str) -> (Caller, Uuid) {
    let (guest, id) = app.guest_with_id().await;
    let db = app.database.pool();
    let mut conn = db.conn().await.expect("PostgreSQL");
    memory::fill_profile(&mut conn, UserId(id), Some(name), Some("Queens")).await.expect("filled");
    let budget = format!(
        "INSERT INTO preferences (user_id, source, key, same, amount_cents, currency)
           VALUES ('{id}', 'stated', 'budget', 'USD', 5000, 'USD')"
    );
    app.database.execute(&budget).await;
    (guest, id)
}

pub async fn who_is_claimed_leaves_what_is_remembered_of_others(app: &App) {
    let (noah, maya) = (somebody(app), somebody(app));
    state(&noah, json!({"budget": {"max_cents": 9_000, "currency": "USD"}})).await;
    let ((claimed, _), (_, other)) = (guest(app, "Maya").await, guest(app, "Zoe").await);
    claim(&maya, &claimed).await.expect(200);
    assert_eq!(stated(&maya).await["budget"], json!({"max_cents": 5_000, "currency": "USD"}));
    let me = maya.get("/consumers/me/profile").await.expect(200).body;
    assert_eq!((&me["name"], &me["city"]), (&json!("Maya"), &json!("Queens")));
    let left = format!(
        "SELECT (SELECT count(*) FROM preferences WHERE user_id = '{other}')
           + (SELECT count(*) FROM consumer_profiles WHERE user_id = '{other}')"
    );
    assert_eq!(app.database.value(&left).await, 2, "of another guest");
    assert_eq!(stated(&noah).await["budget"]["max_cents"], 9_000);
}

pub async fn who_comes_back_is_counted_alone(app: &App) {
    let [noah, maya] = [app.user_row(Role::Consumer).await, app.user_row(Role::Consumer).await];
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    app.done_booking_row(noah, provider, 60).await;
    app.done_booking_row(maya, provider, 40).await;
    let db = app.database.pool();
    let mut conn = db.conn().await.expect("PostgreSQL");
    let provider = proxie_shared::model::ProviderId(provider);
    let done = db::memory::done_with(&mut conn, UserId(maya), provider).await.expect("a number");
    assert_eq!(done, 1);
}
