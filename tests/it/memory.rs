//! What is remembered of consumers: what they state, what is learned from what they do, and that it is forgotten.

use proxie_shared::domain::memory;
use proxie_shared::model::UserId;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, Deal, assert_problem, slot};

const MEMORY: &str = "/consumers/me/memory";

async fn remembered(caller: &Caller) -> Value {
    caller.get(MEMORY).await.expect(200).body
}

async fn state(caller: &Caller, body: Value) -> Answer {
    caller.send(caller.call(Method::PATCH, MEMORY).json(&body)).await
}

/// What was learned of a kind: each value with how often it was seen.
fn learned(memory: &Value, key: &str, value: &str) -> Vec<(Value, i64)> {
    let all = memory["learned"][key].as_array().unwrap().iter();
    all.map(|one| (one[value].clone(), one["seen"].as_i64().unwrap())).collect()
}

#[tokio::test]
async fn what_is_stated_is_kept_corrected_and_forgotten() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let nothing = json!({
        "stated": {"budget": null, "timing": null, "style": null, "places": [], "favourite_providers": []},
        "learned": {"budget": [], "timing": [], "style": [], "places": [], "favourite_providers": []},
    });
    assert_eq!(remembered(&maya).await, nothing);
    let said = json!({
        "budget": {"max_cents": 6_000, "currency": "USD"}, "timing": " Saturday  mornings ", "style": "quiet, no small talk",
        "places": ["Queens", "Brooklyn", "brooklyn"], "favourite_providers": [provider],
    });
    let stated = state(&maya, said).await.expect(200).body;
    let mut wanted = json!({
        "budget": {"max_cents": 6_000, "currency": "USD"}, "timing": "Saturday mornings", "style": "quiet, no small talk",
        "places": ["Queens", "Brooklyn"],
        "favourite_providers": [{"provider_id": provider, "name": "Curls & Co"}],
    });
    assert_eq!(stated["stated"], wanted, "in the order in which it was said, each once");
    assert_eq!(stated["learned"], nothing["learned"], "what is stated is not learned");

    // What is left out stays, null takes away.
    state(&maya, json!({"style": null, "places": ["Harlem"]})).await.expect(200);
    (wanted["style"], wanted["places"]) = (Value::Null, json!(["Harlem"]));
    assert_eq!(remembered(&maya).await["stated"], wanted);
    let left = maya.delete(&format!("{MEMORY}?key=budget")).await.expect(200).body;
    wanted["budget"] = Value::Null;
    assert_eq!(left["stated"], wanted);
    assert_eq!(maya.delete(MEMORY).await.expect(200).body, nothing);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_every_problem() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let shut = app.provider_row(app.user_row(Role::Provider).await).await;
    app.database.execute(&format!("UPDATE providers SET status = 'suspended' WHERE id = '{shut}'")).await;
    let wrong = json!({
        "budget": {"max_cents": 6_000, "currency": "USD"}, "places": ["Queens", " "],
        "favourite_providers": [Uuid::now_v7(), shut],
    });
    assert_problem!(
        state(&maya, wrong).await,
        422,
        "invalid",
        ["/body/places/1", "/body/favourite_providers/0", "/body/favourite_providers/1"]
    );
    assert_problem!(state(&maya, json!({"timing": " "})).await, 422, "invalid", ["/body/timing"]);
    assert_problem!(state(&maya, json!({"mood": "good"})).await, 422, "invalid", ["/body/mood"]);
    let unknown = maya.delete(&format!("{MEMORY}?key=mood")).await;
    assert_problem!(unknown, 422, "invalid", ["/query/key"]);
    assert_eq!(remembered(&maya).await["stated"]["budget"], Value::Null, "all or nothing");
    assert_problem!(app.guest().await.get(MEMORY).await, 403, "account_required");
}

#[tokio::test]
async fn a_request_tells_where_when_how_and_for_how_much() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let request = |budget: i64| {
        json!({
            "service_id": "haircut", "city": "Brooklyn", "specializations": ["curly hair", "Curly Hair"],
            "budget": {"min_cents": null, "max_cents": budget, "currency": "USD"}, "allow_duplicate": true,
        })
    };
    maya.post("/requests", request(6_000)).await.expect(201);
    let call = || maya.call(Method::POST, "/requests").header("idempotency-key", "k").json(&request(8_000));
    for _ in 0..2 {
        maya.send(call()).await.expect(201);
    }
    // What is refused teaches nothing.
    maya.post("/requests", json!({"service_id": "dragon_taming", "city": "Queens"})).await.expect(422);
    let refused = json!({"service_id": "haircut", "city": "Brooklyn"});
    assert_problem!(maya.post("/requests", refused).await, 409, "duplicate_request");
    let known = remembered(&maya).await;
    assert_eq!(learned(&known, "places", "value"), [(json!("Brooklyn"), 2)]);
    assert_eq!(learned(&known, "style", "value"), [(json!("curly hair"), 2)]);
    assert_eq!(learned(&known, "budget", "usual_cents"), [(json!(7_000), 2)]);
    assert_eq!(known["learned"]["budget"][0]["service_id"], "haircut");
    assert_eq!(known["stated"]["places"], json!([]), "what was learned is not said to be stated");

    // Forgotten, it is learned from new things only.
    let left = maya.delete(&format!("{MEMORY}?key=places")).await.expect(200).body;
    assert_eq!((&left["learned"]["places"], learned(&left, "style", "value").len()), (&json!([]), 1));
    maya.delete(MEMORY).await.expect(200);
    maya.post("/requests", json!({"service_id": "braiding", "city": "Queens"})).await.expect(201);
    let known = remembered(&maya).await;
    assert_eq!(learned(&known, "places", "value"), [(json!("Queens"), 1)]);
    assert_eq!((&known["learned"]["style"], &known["learned"]["budget"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn bookings_and_reviews_tell_when_for_how_much_and_whom() {
    let app = App::builder().workers(0).start().await;
    let deal = Deal::new(&app).await;
    let booking = deal.booked(slot(3, "18:00")).await;
    let known = remembered(&deal.maya).await;
    let timings = learned(&known, "timing", "value");
    let [(timing, 1)] = timings.as_slice() else { panic!("{known}") };
    assert!(timing.as_str().unwrap().ends_with(" evenings"), "{timing}");
    assert_eq!(learned(&known, "budget", "usual_cents"), [(json!(5_500), 1)]);
    assert_eq!(known["learned"]["favourite_providers"], json!([]));

    let id = booking["id"].as_str().unwrap();
    let begun = format!(
        "UPDATE bookings SET start_at = now() - interval '9 hours', end_at = now() - interval '8 hours' WHERE id = '{id}'"
    );
    app.database.execute(&begun).await;
    let complete = async |id: &str| {
        deal.ann.send(deal.ann.call(Method::PUT, &format!("/bookings/{id}/complete"))).await.expect(200)
    };
    complete(id).await;
    assert_eq!(remembered(&deal.maya).await["learned"]["favourite_providers"], json!([]), "once is no habit");
    deal.maya.post("/reviews", json!({"booking_id": id, "rating": 4})).await.expect(201);
    let liked = remembered(&deal.maya).await["learned"]["favourite_providers"].clone();
    assert_eq!((&liked[0]["provider_id"], &liked[0]["seen"]), (&json!(deal.provider), &json!(1)));

    // Whoever comes back likes it, until they say otherwise.
    let again = app.offer_row(app.request_row(deal.maya_id).await, deal.provider).await;
    let again = app.booking_row(again, -5).await.to_string();
    complete(&again).await;
    complete(&again).await;
    assert_eq!(
        remembered(&deal.maya).await["learned"]["favourite_providers"][0]["seen"],
        2,
        "once a booking"
    );
    deal.maya.post("/reviews", json!({"booking_id": again, "rating": 2})).await.expect(201);
    assert_eq!(remembered(&deal.maya).await["learned"]["favourite_providers"], json!([]));
}

#[tokio::test]
async fn who_is_shut_out_is_nobodys_favourite() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    state(&maya, json!({"favourite_providers": [provider]})).await.expect(200);
    app.database.execute("UPDATE providers SET status = 'suspended'").await;
    assert_eq!(remembered(&maya).await["stated"]["favourite_providers"], json!([]));
    app.database.execute("UPDATE providers SET status = 'active'").await;
    assert_eq!(remembered(&maya).await["stated"]["favourite_providers"][0]["provider_id"], json!(provider));
}

#[tokio::test]
async fn a_conversation_fills_what_was_not_said_before() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = UserId(app.id_of(&maya).await);
    let db = app.database.pool();
    let mut conn = db.conn().await.unwrap();
    let profile = async || {
        let profile = maya.get("/consumers/me/profile").await.expect(200).body;
        [&profile["name"], &profile["city"], &profile["zone"]].map(Clone::clone)
    };
    assert!(memory::fill_profile(&mut conn, id, Some(" Maya "), None).await.unwrap());
    assert!(memory::fill_profile(&mut conn, id, None, Some("Chicago")).await.unwrap());
    assert_eq!(profile().await, [json!("Maya"), json!("Chicago"), json!("America/Chicago")]);
    assert!(!memory::fill_profile(&mut conn, id, Some("May"), Some("Queens")).await.unwrap());
    assert_eq!(profile().await, [json!("Maya"), json!("Chicago"), json!("America/Chicago")], "it stays");
    // A profile without a city takes one; what else was said stays.
    let phone = json!({"phone": "+1 718 555 0123"});
    maya.send(maya.call(Method::PUT, "/consumers/me/profile").json(&phone)).await.expect(200);
    assert!(memory::fill_profile(&mut conn, id, Some("May"), Some("Queens")).await.unwrap());
    assert_eq!(profile().await, [json!("Maya"), json!("Queens"), json!("America/New_York")]);
    let phone = maya.get("/consumers/me/profile").await.expect(200).body["phone"].clone();
    assert_eq!(phone, "+1 718 555 0123");
}

#[tokio::test]
async fn what_a_guest_said_follows_a_claim_and_takes_the_place_of_nothing() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    state(&maya, json!({"timing": "mornings", "places": ["Brooklyn"]})).await.expect(200);
    maya.post("/requests", json!({"service_id": "haircut", "city": "Queens"})).await.expect(201);
    let (guest, id) = app.guest_with_id().await;
    let rows = format!(
        "INSERT INTO preferences (user_id, source, key, same, value, seen) VALUES
           ('{id}', 'stated', 'timing', 'evenings', 'evenings', 1), ('{id}', 'stated', 'style', 'quiet', 'quiet', 1),
           ('{id}', 'stated', 'places', 'harlem', 'Harlem', 1), ('{id}', 'learned', 'places', 'queens', 'queens', 2)"
    );
    app.database.execute(&rows).await;
    maya.post("/chat/sessions/claim", json!({"guest_token": guest.token})).await.expect(200);
    let known = remembered(&maya).await;
    let stated = &known["stated"];
    assert_eq!((&stated["timing"], &stated["style"]), (&json!("mornings"), &json!("quiet")));
    let mut places: Vec<&str> =
        stated["places"].as_array().unwrap().iter().map(|place| place.as_str().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, ["Brooklyn", "Harlem"]);
    assert_eq!(learned(&known, "places", "value"), [(json!("Queens"), 3)]);
    let left = format!("SELECT count(*) FROM preferences WHERE user_id = '{id}'");
    assert_eq!(app.database.value(&left).await, 0);
}

#[tokio::test]
async fn a_provider_sees_what_wins_and_at_what_price() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Provider);
    let provider = app.provider_row(app.id_of(&ann).await).await;
    let consumer = app.user_row(Role::Consumer).await;
    for (price, status) in [(5_000, "accepted"), (6_001, "accepted"), (9_000, "declined"), (7_000, "pending")]
    {
        let offer = app.offer_row(app.request_row(consumer).await, provider).await;
        app.database
            .execute(&format!(
                "UPDATE offers SET price_cents = {price}, status = '{status}' WHERE id = '{offer}'"
            ))
            .await;
    }
    let other = app.offer_row(app.request_row(consumer).await, provider).await;
    let lapsed =
        format!("UPDATE offers SET service_id = 'braiding', expires_at = now() WHERE id = '{other}'");
    app.database.execute(&lapsed).await;
    let stats = ann.get(&format!("/providers/{provider}/stats")).await.expect(200).body;
    assert_eq!(
        stats["services"],
        json!([
            {"service_id": "braiding", "currency": "USD", "offers": 1, "wins": 0, "win_rate": 0.0,
             "average_price_won_cents": null},
            {"service_id": "haircut", "currency": "USD", "offers": 4, "wins": 2, "win_rate": 2.0 / 3.0,
             "average_price_won_cents": 5_501},
        ])
    );
}
