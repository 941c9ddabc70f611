//! Providers as others see them.

use chrono::{Duration, Utc};
use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use super::{barber, haircut, open};
use crate::support::{App, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

#[tokio::test]
async fn everybody_sees_the_card_and_nobody_else_how_to_reach_them() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let (path, profile) = (format!("/providers/{id}"), format!("/providers/{id}/profile"));
    let secrets = ["curls@example.com", "555 0100", "Bergen", "40.6812", "73.9437"];
    for reader in [app.guest().await, app.consumer("maya"), open(&app, "other", json!({})).await.0] {
        let card = reader.get(&path).await.expect(200);
        assert_eq!(card.body["location"], json!({"latitude": 40.68, "longitude": -73.94}));
        assert_eq!(card.body["services"], json!(["haircut"]));
        let seen = reader.get(&profile).await.expect(200);
        assert_eq!(
            (&seen.body["contact"], &seen.body["bio"]),
            (&Value::Null, &json!("Fifteen years of curls."))
        );
        for field in card.body.as_object().unwrap().keys() {
            assert_eq!(seen.body[field], card.body[field], "{field}");
        }
        for secret in secrets {
            assert!(!card.text.contains(secret) && !seen.text.contains(secret), "{secret}");
        }
    }
    for reader in [owner, app.user("ann", Role::Admin)] {
        let seen = reader.get(&profile).await.expect(200).body;
        assert_eq!(seen["contact"]["email"], "curls@example.com");
        assert_eq!(seen["contact"]["location"], json!({"latitude": 40.6812, "longitude": -73.9437}));
    }
    assert_problem!(app.anybody().get(&path).await, 401, "unauthenticated");
}

#[tokio::test]
async fn who_cannot_be_booked_is_there_for_the_owner_only() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({"services": []})).await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    let paths = ["", "/profile", "/services"].map(|part| format!("/providers/{id}{part}"));
    for path in &paths {
        assert_problem!(maya.get(path).await, 404, "not_found");
        owner.get(path).await.expect(200);
        ann.get(path).await.expect(200);
    }
    let pipes =
        haircut(json!({"service_id": "pipe_repair", "places": ["consumer"], "licence_number": "NY-1"}));
    owner.post(&format!("/providers/{id}/services"), pipes).await.expect(201);
    assert_problem!(maya.get(&paths[0]).await, 404, "not_found");
    let licence = |status: &str, last: Option<i64>| {
        let last = last.map_or("NULL".to_owned(), |days| {
            format!("'{}'", (Utc::now() + Duration::days(days)).date_naive())
        });
        format!("UPDATE provider_services SET licence = '{status}', licence_expires_on = {last}")
    };
    for (status, last, seen) in [
        ("verified", None, true),
        ("verified", Some(0), true),
        ("verified", Some(-1), false),
        ("rejected", Some(10), false),
        ("pending_verification", Some(10), false),
        ("verified", Some(10), true),
    ] {
        app.database.execute(&licence(status, last)).await;
        for path in &paths {
            let answer = maya.get(path).await;
            assert_eq!(answer.status, if seen { 200 } else { 404 }, "{path} {status} {last:?}");
        }
        let verified = owner.get(&paths[0]).await.expect(200).body["verified"].clone();
        assert_eq!(verified, seen, "{status} {last:?}");
    }
    for (status, seen) in [("paused", true), ("suspended", false)] {
        app.database.execute(&format!("UPDATE providers SET status = '{status}'")).await;
        for path in &paths {
            assert_eq!(maya.get(path).await.status, if seen { 200 } else { 404 }, "{path} {status}");
            assert_eq!(owner.get(path).await.status, 200, "{path} {status}");
        }
    }
}

#[tokio::test]
async fn a_rating_is_shown_from_three_reviews_on() {
    let app = app().await;
    let (_, id) = open(&app, "curls", json!({})).await;
    let maya = app.consumer("maya");
    app.database.execute("UPDATE providers SET rating_mean = 4.9, review_count = 2").await;
    let two = maya.get(&format!("/providers/{id}")).await.expect(200);
    assert_eq!((&two.body["rating"], &two.body["review_count"]), (&Value::Null, &json!(2)));
    assert!(!two.text.contains("4.9"));
    app.database.execute("UPDATE providers SET rating = 4.5, review_count = 3").await;
    assert_eq!(maya.get(&format!("/providers/{id}")).await.expect(200).body["rating"], 4.5);
}

#[tokio::test]
async fn services_come_in_pages_and_licences_are_the_owners() {
    let app = app().await;
    let services = json!([
        haircut(json!({})),
        haircut(json!({"service_id": "braiding"})),
        haircut(json!({"service_id": "makeup", "price_min_cents": 100})),
        haircut(json!({"service_id": "pipe_repair", "places": ["consumer"], "licence_number": "NY-1"})),
    ]);
    let (owner, id) = open(&app, "curls", json!({"services": services})).await;
    let path = format!("/providers/{id}/services");
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["service_id"].as_str().unwrap().to_owned()).collect()
    };
    let maya = app.consumer("maya");
    let all = maya.get(&path).await.expect(200);
    assert_eq!(
        (ids(&all.body), &all.body["next_cursor"]),
        (vec!["braiding".to_owned(), "haircut".to_owned(), "makeup".to_owned()], &Value::Null)
    );
    assert!(!all.text.contains("NY-1"));
    let first = maya.get(&format!("{path}?limit=2")).await.expect(200).body;
    assert_eq!(
        (ids(&first), &first["next_cursor"]),
        (vec!["braiding".to_owned(), "haircut".to_owned()], &json!("haircut"))
    );
    let rest = maya.get(&format!("{path}?limit=2&cursor=haircut")).await.expect(200).body;
    assert_eq!((ids(&rest), &rest["next_cursor"]), (vec!["makeup".to_owned()], &Value::Null));
    let own = owner.get(&path).await.expect(200).body;
    assert_eq!(ids(&own).len(), 4);
    assert_eq!(own["items"][3]["licence"], "pending_verification");
    assert_eq!(own["items"][3]["licence_details"]["number"], "NY-1");
    // The cheapest of what can be booked.
    assert_eq!(maya.get(&format!("/providers/{id}")).await.expect(200).body["price_from_cents"], 100);
    assert_problem!(maya.get(&format!("{path}?limit=0")).await, 422, "invalid", ["/query/limit"]);
}

#[tokio::test]
async fn a_card_that_was_made_is_the_card_that_is_read() {
    let app = app().await;
    let owner = app.consumer("curls");
    let services = json!([
        haircut(json!({"price_min_cents": null, "price_max_cents": null})),
        haircut(json!({"service_id": "braiding", "currency": "EUR", "price_min_cents": 9_000})),
        haircut(json!({"service_id": "makeup", "currency": "GBP", "price_min_cents": 9_000})),
    ]);
    let made = owner.post("/providers", barber(json!({"services": services}))).await.expect(201).body;
    let path = format!("/providers/{}", made["id"].as_str().unwrap());
    let card = owner.get(&path).await.expect(200).body;
    assert_eq!((&card["price_from_cents"], &card["currency"]), (&json!(9_000), &json!("EUR")));
    for (field, value) in card.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!(owner.get(&format!("{path}/profile")).await.expect(200).body, made);
}
