//! What is said otherwise: of a business, its services, its templates.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{haircut, open};
use crate::support::{Answer, App, Caller, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

async fn send(caller: &Caller, method: Method, path: &str, body: Value) -> Answer {
    caller.send(caller.call(method, path).json(&body)).await
}

#[tokio::test]
async fn a_patch_changes_what_it_says_and_a_put_all() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}");
    let before = owner.get(&format!("{path}/profile")).await.expect(200).body;
    let patch = json!({"headline": "New", "phone": null, "languages": ["English"]});
    let after = send(&owner, Method::PATCH, &path, patch).await.expect(200).body;
    for (field, value) in before.as_object().unwrap() {
        if !["headline", "contact", "languages"].contains(&field.as_str()) {
            assert_eq!(&after[field], value, "{field}");
        }
    }
    assert_eq!((&after["headline"], &after["languages"]), (&json!("New"), &json!(["English"])));
    assert_eq!(
        (&after["contact"]["phone"], &after["contact"]["email"]),
        (&Value::Null, &before["contact"]["email"])
    );

    let moved = json!({"city": "Chicago"});
    let moved = send(&owner, Method::PATCH, &format!("{path}/profile"), moved).await.expect(200).body;
    assert_eq!((&moved["city"], &moved["zone"]), (&json!("Chicago"), &json!("America/Chicago")));
    let latitude = moved["location"]["latitude"].as_f64().unwrap();
    assert!((41.0..43.0).contains(&latitude), "the middle of the new city: {moved}");

    let put = json!({"name": "Only this", "city": "Brooklyn"});
    let put = send(&owner, Method::PUT, &path, put).await.expect(200).body;
    assert_eq!((&put["name"], &put["bio"], &put["headline"]), (&json!("Only this"), &json!(""), &json!("")));
    assert_eq!(
        (&put["contact"]["email"], &put["services"]),
        (&Value::Null, &json!(["haircut"])),
        "services stay"
    );
    assert_eq!(owner.get(&format!("{path}/profile")).await.expect(200).body, put);
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_change_is_told_at_once() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}");
    let wrong = json!({
        "name": " ", "city": null, "zone": "Mars/Olympus", "languages": [""], "radius_km": 1_001, "rating": 5,
        "status": "active", "email": "nobody",
    });
    assert_problem!(
        send(&owner, Method::PATCH, &path, wrong).await,
        422,
        "invalid",
        [
            "/body/name",
            "/body/city",
            "/body/zone",
            "/body/languages/0",
            "/body/radius_km",
            "/body/rating",
            "/body/status",
            "/body/email"
        ]
    );
    let put = send(&owner, Method::PUT, &path, json!({"name": " ", "city": "Atlantis"})).await;
    assert_problem!(put, 422, "invalid", ["/body/name", "/body/zone"]);
    // What is wrong is told before whose it is.
    let tom = app.consumer("tom");
    assert_problem!(send(&tom, Method::PATCH, &path, json!({"name": ""})).await, 422, "invalid");
    assert_problem!(send(&tom, Method::PATCH, &path, json!({"name": "Mine"})).await, 403, "not_yours");
    assert_eq!(app.database.value("SELECT name FROM providers").await, "Curls & Co");
}

#[tokio::test]
async fn what_is_said_otherwise_is_embedded_once() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let path = format!("/providers/{id}");
    let waiting = "SELECT count(*) FROM tasks WHERE kind = 'embedding'";
    assert_eq!(app.database.value(waiting).await, 1);
    for headline in ["a", "b"] {
        send(&owner, Method::PATCH, &path, json!({"headline": headline})).await.expect(200);
    }
    owner.post(&format!("{path}/services"), haircut(json!({"service_id": "braiding"}))).await.expect(201);
    assert_eq!(app.database.value(waiting).await, 1, "whoever waits reads what is said by then");
    // One that has begun may have read what was said before.
    app.database
        .execute("UPDATE tasks SET stage = 'running', lease_until = now() + interval '1 minute' WHERE kind = 'embedding'")
        .await;
    send(&owner, Method::PATCH, &path, json!({"headline": "c"})).await.expect(200);
    assert_eq!(app.database.value(waiting).await, 2);
}

#[tokio::test]
async fn what_an_admin_does_to_a_business_is_written_down() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let ann = app.user("ann", Role::Admin);
    let path = format!("/providers/{id}");
    send(&owner, Method::PATCH, &path, json!({"headline": "a"})).await.expect(200);
    send(&ann, Method::PATCH, &path, json!({"headline": "b"})).await.expect(200);
    send(&ann, Method::PUT, &format!("{path}/status"), json!({"status": "paused"})).await.expect(200);
    let log = ann.get("/admin/audit").await.expect(200).body;
    let actions: Vec<&Value> =
        log["items"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(actions, ["provider.status", "provider.change"]);
}

#[tokio::test]
async fn services_are_added_changed_and_taken_away() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({"services": []})).await;
    let path = format!("/providers/{id}/services");
    let added = owner.post(&path, haircut(json!({}))).await.expect(201);
    assert_eq!(added.header("location"), Some(format!("{path}/haircut").as_str()));
    assert_eq!(
        (&added.body["licence"], &added.body["licence_details"]),
        (&json!("not_needed"), &Value::Null)
    );
    assert_problem!(owner.post(&path, haircut(json!({}))).await, 409, "illegal_move");
    let one = format!("{path}/haircut");
    let patch =
        json!({"price_max_cents": null, "description": "By curl.", "specializations": ["wavy", "wavy "]});
    let changed = send(&owner, Method::PATCH, &one, patch).await.expect(200).body;
    assert_eq!((&changed["price_min_cents"], &changed["price_max_cents"]), (&json!(5_500), &Value::Null));
    assert_eq!(changed["specializations"], json!(["wavy"]));
    let low = json!({"price_max_cents": 5_000});
    assert_problem!(send(&owner, Method::PATCH, &one, low).await, 422, "invalid", ["/body/price_max_cents"]);
    let remote = json!({"places": ["remote"], "service_id": "makeup"});
    assert_problem!(send(&owner, Method::PATCH, &one, remote).await, 422, "invalid", ["/body/service_id"]);
    let remote = json!({"places": ["remote"]});
    assert_problem!(send(&owner, Method::PATCH, &one, remote).await, 422, "invalid", ["/body/places/0"]);
    owner.delete(&one).await.expect(204);
    assert_problem!(owner.delete(&one).await, 404, "not_found");
    assert_problem!(send(&owner, Method::PATCH, &one, json!({})).await, 404, "not_found");
}

#[tokio::test]
async fn another_licence_waits_for_an_admin_again() {
    let app = app().await;
    let pipes = haircut(json!({
        "service_id": "pipe_repair", "places": ["consumer"], "licence_number": "NY-1", "licence_expires_on": "2031-05-31",
    }));
    let (owner, id) = open(&app, "pipes", json!({"services": [pipes]})).await;
    let path = format!("/providers/{id}/services/pipe_repair");
    app.database.execute("UPDATE provider_services SET licence = 'verified', licence_note = 'seen'").await;
    let same = json!({"price_min_cents": 1, "licence_number": "NY-1 ", "licence_expires_on": "2031-05-31"});
    let same = send(&owner, Method::PATCH, &path, same).await.expect(200).body;
    assert_eq!((&same["licence"], &same["licence_details"]["note"]), (&json!("verified"), &json!("seen")));
    for other in [json!({"licence_number": "NY-2"}), json!({"licence_expires_on": "2032-05-31"})] {
        app.database
            .execute("UPDATE provider_services SET licence = 'verified', licence_note = 'seen'")
            .await;
        let waits = send(&owner, Method::PATCH, &path, other).await.expect(200).body;
        assert_eq!(waits["licence"], "pending_verification");
        assert_eq!(waits["licence_details"]["note"], Value::Null);
    }
    app.database.execute("UPDATE provider_services SET licence = 'rejected', licence_note = 'blurred'").await;
    let words = send(&owner, Method::PATCH, &path, json!({"description": "Pipes."})).await.expect(200).body;
    assert_eq!(
        (&words["licence"], &words["licence_details"]["note"]),
        (&json!("rejected"), &json!("blurred"))
    );
    let wiped = send(&owner, Method::PATCH, &path, json!({"licence_number": null})).await.expect(200).body;
    assert_eq!(wiped["licence"], "pending_verification");
}

#[tokio::test]
async fn what_is_owed_is_not_taken_away() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let provider: Uuid = id.parse().unwrap();
    let consumer = app.user_row(Role::Consumer).await;
    let request = app.request_row(consumer).await;
    let offer = app.offer_row(request, provider).await;
    let path = format!("/providers/{id}/services/haircut");
    let told = owner.delete(&path).await;
    assert_problem!(told, 409, "illegal_move");
    assert!(told.body["detail"].as_str().unwrap().contains("Withdraw"), "{told:?}");
    app.booking_row(offer, 30).await;
    let told = owner.delete(&path).await;
    assert_problem!(told, 409, "illegal_move");
    assert!(told.body["detail"].as_str().unwrap().contains("bookings"), "{told:?}");
    app.database.execute("UPDATE bookings SET status = 'completed', ended_at = now()").await;
    owner.delete(&path).await.expect(204);
}

#[tokio::test]
async fn templates_are_the_owners() {
    let app = app().await;
    let (owner, id) = open(&app, "curls", json!({})).await;
    let (other, others) = open(&app, "other", json!({})).await;
    let path = format!("/providers/{id}/templates");
    let text = "Hi {first_name}, {service} on {slot} for {price}.";
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let added = owner.post(&path, json!({"name": name, "body": text})).await.expect(201);
        let id = added.body["id"].as_str().unwrap().to_owned();
        assert_eq!(added.header("location"), Some(format!("{path}/{id}").as_str()));
        ids.push(id);
    }
    assert_problem!(owner.post(&path, json!({"name": "a ", "body": text})).await, 409, "illegal_move");
    other
        .post(&format!("/providers/{others}/templates"), json!({"name": "a", "body": text}))
        .await
        .expect(201);
    let page = owner.get(&format!("{path}?limit=2")).await.expect(200).body;
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next_cursor"]), (2, &json!(ids[1])));
    let rest = owner.get(&format!("{path}?limit=2&cursor={}", ids[1])).await.expect(200).body;
    assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&json!(ids[2]), &Value::Null));
    let one = format!("{path}/{}", ids[0]);
    let changed = send(&owner, Method::PATCH, &one, json!({"service_id": "haircut"})).await.expect(200).body;
    assert_eq!((&changed["service_id"], &changed["body"]), (&json!("haircut"), &json!(text)));
    let changed = send(&owner, Method::PATCH, &one, json!({"service_id": null})).await.expect(200).body;
    assert_eq!(changed["service_id"], Value::Null);
    assert_problem!(send(&owner, Method::PATCH, &one, json!({"name": "b"})).await, 409, "illegal_move");
    // By one's own business nothing of another's is reached.
    let through = format!("/providers/{others}/templates/{}", ids[0]);
    assert_problem!(send(&other, Method::PATCH, &through, json!({"name": "z"})).await, 404, "not_found");
    assert_problem!(other.delete(&through).await, 404, "not_found");
    assert_problem!(other.get(&path).await, 403, "not_yours");
    let wrong = json!({"name": " ", "body": "Hi {secret}", "service_id": "unicorn_grooming"});
    assert_problem!(
        owner.post(&path, wrong).await,
        422,
        "invalid",
        ["/body/name", "/body/body", "/body/service_id"]
    );
    owner.delete(&one).await.expect(204);
    assert_problem!(owner.delete(&one).await, 404, "not_found");
}
