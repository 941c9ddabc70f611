//! Requests: posted, matched by a task, bounded.

mod at_once;
mod moves;

use chrono::{Duration, Utc};
use futures::future::join_all;
use proxie_shared::db::providers::{NewAvailability, NewProvider, NewProviderService, insert};
use proxie_shared::db::users;
use proxie_shared::model::catalog::ServicePlace as Place;
use proxie_shared::model::providers::{Licence, ProviderStatus};
use proxie_shared::model::users::Role;
use proxie_shared::model::{ProviderId, UserId};
use serde_json::{Value, json};

use crate::support::{App, Caller, Task, assert_problem};

/// A body that asks for a haircut in Brooklyn, but for some fields.
fn haircut(other: Value) -> Value {
    let day = (Utc::now() + Duration::days(3)).format("%Y-%m-%d");
    let mut body = json!({
        "service_id": "haircut", "city": "Brooklyn", "zone": "America/New_York",
        "window": {"from": format!("{day}T09:00"), "to": format!("{day}T18:00")},
        "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"},
        "description": "curly hair", "specializations": ["curly hair"],
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Somebody in the middle of Brooklyn who cuts hair from $40, but for a change. Answers the name.
async fn barber(
    app: &App,
    name: &'static str,
    change: impl FnOnce(&mut NewProvider, &mut NewProviderService),
) -> &'static str {
    let id = ProviderId::new();
    let mut provider = NewProvider {
        id,
        latitude: Some(40.68),
        longitude: Some(-73.94),
        radius_km: 10.0,
        rating: Some(4.5),
        review_count: 10,
        ..NewProvider::new(UserId::new(), name, "Brooklyn", "America/New_York")
    };
    let mut service = NewProviderService {
        provider_id: id,
        service_id: "haircut".to_owned(),
        description: String::new(),
        places: vec![Place::Provider],
        price_min_cents: Some(4_000),
        price_max_cents: Some(8_000),
        currency: "USD".to_owned(),
        duration_minutes: None,
        specializations: vec!["curly hair".to_owned()],
        licence: Licence::NotNeeded,
        licence_number: None,
        licence_expires_on: None,
    };
    change(&mut provider, &mut service);
    let db = app.database.pool();
    let mut conn = db.conn().await.unwrap();
    let user =
        users::ensure(&mut conn, "proxie", name, Some((Role::Provider, chrono::Utc::now()))).await.unwrap();
    provider.user_id = user.id;
    let mut hours = NewAvailability::usual(id);
    let always = json!([{"start": "00:00", "end": "00:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    hours.weekly = days.iter().map(|day| ((*day).to_owned(), always.clone())).collect();
    assert!(insert(&mut conn, &provider, &[service], &hours).await.unwrap());
    name
}

/// Posts a request and waits for its matching; the result, and the names of those matched, best first.
async fn matched(app: &App, caller: &Caller, body: Value) -> (Value, Vec<String>) {
    let posted = caller.post("/requests", body).await.expect(201).body;
    let task = Task::new(caller, posted["task_id"].as_str().unwrap());
    let done = task.done().await;
    assert_eq!(
        (&done["kind"], &done["status"], &done["session_id"]),
        (&json!("matching"), &json!("completed"), &Value::Null)
    );
    let result = done["result"].clone();
    assert_eq!((&result["kind"], &result["request_id"]), (&json!("matching"), &posted["id"]));
    let mut names = Vec::new();
    for one in result["matches"].as_array().unwrap() {
        let name =
            format!("SELECT name FROM providers WHERE id = '{}'", one["provider_id"].as_str().unwrap());
        names.push(app.database.value(&name).await.as_str().unwrap().to_owned());
    }
    (result, names)
}

#[tokio::test]
async fn a_request_is_posted_and_matched() {
    let app = App::start().await;
    app.seed().await;
    app.open_calendars().await;
    let maya = app.consumer("maya");
    let answer = maya.post("/requests", haircut(json!({}))).await.expect(201);
    let request = &answer.body;
    assert_eq!(
        answer.header("location"),
        Some(format!("/requests/{}", request["id"].as_str().unwrap()).as_str())
    );
    assert_eq!((&request["status"], &request["match"]["status"]), (&json!("matching"), &json!("processing")));
    assert_eq!(request["match"]["task_id"], request["task_id"]);
    for (field, value) in haircut(json!({})).as_object().unwrap() {
        assert_eq!(&request[field], value, "{field}");
    }

    let result = Task::new(&maya, request["task_id"].as_str().unwrap()).result().await;
    let matches = result["matches"].as_array().unwrap();
    assert!(!matches.is_empty() && matches.len() <= 10, "{result}");
    assert!(result["considered"].as_u64() >= Some(matches.len() as u64), "{result}");
    let scores: Vec<f64> = matches.iter().map(|one| one["score"].as_f64().unwrap()).collect();
    assert!(scores.iter().rev().is_sorted(), "the best first: {scores:?}");
    for one in matches {
        let sum = |field: &str| {
            one["factors"].as_array().unwrap().iter().map(|f| f[field].as_f64().unwrap()).sum::<f64>()
        };
        assert!(
            (sum("share") - one["score"].as_f64().unwrap()).abs() < 1e-9,
            "shares add up to the score: {one}"
        );
        assert!((sum("weight") - 1.0).abs() < 1e-9, "weights add up to one: {one}");
    }
    let routed = app.database.value("SELECT count(*) FROM request_matches").await;
    assert_eq!(routed, matches.len());
    assert_eq!(app.database.value("SELECT status::text FROM requests").await, "matched");
}

#[tokio::test]
async fn hard_rules_are_never_bent() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    maya.get("/chat/sessions").await.expect(200);
    let near = barber(&app, "near", |_, _| {}).await;
    let price_open = barber(&app, "says no price", |_, service| {
        (service.price_min_cents, service.price_max_cents) = (None, None);
    })
    .await;
    let no_coordinates = barber(&app, "by city", |provider, _| {
        (provider.latitude, provider.longitude) = (None, None);
        provider.city = "  BROOKLYN ".to_owned();
    })
    .await;
    barber(&app, "other city", |provider, _| {
        (provider.latitude, provider.longitude) = (None, None);
        provider.city = "Boston".to_owned();
    })
    .await;
    barber(&app, "other service", |_, service| service.service_id = "braiding".to_owned()).await;
    barber(&app, "paused", |provider, _| provider.status = ProviderStatus::Paused).await;
    barber(&app, "suspended", |provider, _| provider.status = ProviderStatus::Suspended).await;
    barber(&app, "unlicensed", |_, service| service.licence = Licence::PendingVerification).await;
    barber(&app, "refused", |_, service| service.licence = Licence::Rejected).await;
    barber(&app, "dear", |_, service| service.price_min_cents = Some(6_001)).await;
    barber(&app, "other money", |_, service| service.currency = "EUR".to_owned()).await;
    // Chicago is far from Brooklyn, whatever the provider says of its city.
    barber(&app, "far", |provider, _| (provider.latitude, provider.longitude) = (Some(41.88), Some(-87.63)))
        .await;
    // The consumer's own business.
    barber(&app, "maya", |_, _| {}).await;

    let (result, mut names) = matched(&app, &maya, haircut(json!({}))).await;
    names.sort();
    let mut wanted = [near, price_open, no_coordinates];
    wanted.sort_unstable();
    assert_eq!(names, wanted, "{result}");
    assert_eq!(result["considered"], 3);
}

#[tokio::test]
async fn who_travels_decides_whose_radius_counts() {
    let app = App::start().await;
    // About 20 km from the middle of Brooklyn.
    let away = |provider: &mut NewProvider| provider.latitude = Some(40.86);
    barber(&app, "stays, 20 km off", |provider, _| away(provider)).await;
    barber(&app, "comes, but not so far", |provider, service| {
        away(provider);
        service.places = vec![Place::Consumer];
    })
    .await;
    let comes = barber(&app, "comes that far", |provider, service| {
        away(provider);
        provider.radius_km = 25.0;
        service.places = vec![Place::Consumer];
    })
    .await;
    let maya = app.consumer("maya");
    let (result, names) = matched(&app, &maya, haircut(json!({"max_distance_km": 5}))).await;
    assert!(names.contains(&comes.to_owned()), "{names:?} {result}");
    assert!(!names.iter().any(|name| name == "comes, but not so far"), "{names:?}");
    assert!(!names.iter().any(|name| name == "stays, 20 km off"), "{names:?}");
}

#[tokio::test]
async fn no_match_is_a_result() {
    let app = App::start().await;
    let maya = app.consumer("maya");
    let (result, names) = matched(&app, &maya, haircut(json!({}))).await;
    assert_eq!((names.len(), &result["considered"], &result["relax"]), (0, &json!(0), &json!([])));
    assert_eq!(
        app.database.value("SELECT status::text FROM requests").await,
        "matching",
        "it goes on looking"
    );
}

#[tokio::test]
async fn only_consumers_post_requests() {
    let app = App::builder().workers(0).start().await;
    assert_problem!(app.anybody().post("/requests", haircut(json!({}))).await, 401, "unauthenticated");
    assert_problem!(app.guest().await.post("/requests", haircut(json!({}))).await, 403, "account_required");
    // The role is looked at before the body.
    for role in [Role::Provider, Role::Admin] {
        assert_problem!(app.user("ann", role).post("/requests", json!({})).await, 403, "wrong_role");
    }
    assert_eq!(app.database.value("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn ten_live_requests_are_enough() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let posts =
        join_all((0..14).map(|_| maya.post("/requests", haircut(json!({"allow_duplicate": true}))))).await;
    let taken = posts.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 10, "however many at once");
    for answer in posts.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 409, "too_many_live");
    }
    app.consumer("tom").post("/requests", haircut(json!({}))).await.expect(201);
    app.database
        .execute("UPDATE requests SET status = 'cancelled' WHERE id = (SELECT id FROM requests LIMIT 1)")
        .await;
    maya.post("/requests", haircut(json!({"allow_duplicate": true}))).await.expect(201);
}

#[tokio::test]
async fn the_like_of_a_live_request_is_refused_unless_it_is_allowed() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let day = |days: i64| (Utc::now() + Duration::days(days)).format("%Y-%m-%d").to_string();
    let window = |days: i64, from: &str, to: &str| json!({"window": {"from": format!("{}T{from}", day(days)), "to": format!("{}T{to}", day(days))}});
    let (one, other) = futures::join!(
        maya.post("/requests", haircut(json!({}))),
        maya.post("/requests", haircut(json!({})))
    );
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [201, 409], "of two at once one is a duplicate");
    for like in [json!({"city": " BROOKLYN"}), window(3, "17:30", "20:00"), json!({"window": null})] {
        assert_problem!(maya.post("/requests", haircut(like)).await, 409, "duplicate_request");
    }
    for other in [
        json!({"city": "Queens"}),
        json!({"service_id": "braiding"}),
        window(5, "09:00", "18:00"),
        json!({"allow_duplicate": true}),
    ] {
        maya.post("/requests", haircut(other)).await.expect(201);
    }
    app.consumer("tom").post("/requests", haircut(json!({}))).await.expect(201);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_request_is_told_at_once() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let wrong = json!({
        "service_id": "unicorn_grooming",
        "zone": "Mars/Olympus",
        "window": {"from": "2020-01-02T10:00", "to": "2020-01-01T10:00"},
        "budget": {"min_cents": 900, "max_cents": 100, "currency": "USD"},
    });
    let answer = maya.post("/requests", haircut(wrong)).await;
    assert_problem!(
        answer,
        422,
        "invalid",
        ["/body/service_id", "/body/zone", "/body/window", "/body/budget"]
    );

    let wrong = json!({
        "city": "", "window": {"from": "tomorrow", "to": "2026-13-01T10:00"}, "urgency": "yesterday",
        "budget": {"min_cents": -1, "max_cents": 1.5, "currency": "dollars"}, "max_distance_km": 0,
        "location": {"latitude": 91, "longitude": "west"}, "specializations": "curls", "media": "photos",
    });
    let answer = maya.post("/requests", haircut(wrong)).await;
    assert_problem!(answer, 422, "invalid");
    let told: Vec<&str> =
        answer.body["errors"].as_array().unwrap().iter().filter_map(|e| e["pointer"].as_str()).collect();
    for field in [
        "city",
        "window/from",
        "window/to",
        "urgency",
        "budget/min_cents",
        "budget/max_cents",
        "budget/currency",
        "max_distance_km",
        "location/latitude",
        "location/longitude",
        "specializations",
        "media",
    ] {
        assert!(told.contains(&format!("/body/{field}").as_str()), "{field} is not told of: {told:?}");
    }
    let over = json!({"window": {"from": "2020-01-01T10:00", "to": "2020-01-02T10:00"}});
    assert_problem!(maya.post("/requests", haircut(over)).await, 422, "invalid", ["/body/window"]);
    let nowhere = json!({"city": "Atlantis", "zone": null});
    assert_problem!(maya.post("/requests", haircut(nowhere)).await, 422, "invalid", ["/body/zone"]);
    assert_eq!(app.database.value("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn a_matching_is_its_owners_and_ends_with_its_request() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let posted = maya.post("/requests", haircut(json!({}))).await.expect(201).body;
    let id = posted["task_id"].as_str().unwrap();
    assert_problem!(app.consumer("tom").get(&format!("/chat/status/{id}")).await, 403, "not_yours");
    let task = Task::new(&maya, id);
    assert_problem!(task.cancel().await, 409, "illegal_move");
    app.start_worker();
    task.result().await;
    assert_problem!(task.retry().await, 409, "illegal_move");
}
