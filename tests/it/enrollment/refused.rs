//! What is missing or wrong, another's, or too late.

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::{cleaner, count, id_of, media, patch, plumber, start, submit};
use crate::support::{App, assert_problem};

#[tokio::test]
async fn all_that_is_missing_is_told_at_once() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = start(&maya).await;
    let nothing = ["/body/business_name", "/body/city", "/body/services", "/body/availability"];
    crate::support::check_problem(&submit(&maya, &id).await, 422, "enrollment_incomplete", Some(&nothing));
    let closed = json!({"zone": "America/New_York", "weekly": {}});
    let services =
        json!([{"service_id": "haircut"}, {"service_id": "pipe_repair"}, {"service_id": "makeup"}]);
    let film = media(&app, id_of(&maya).await, "video").await;
    let photo = media(&app, id_of(&maya).await, "image").await;
    let shown =
        json!([{"media_id": film, "service_id": "haircut"}, {"media_id": photo, "service_id": "makeup"}]);
    patch(&maya, &id, json!({"services": services, "availability": closed, "portfolio": shown}))
        .await
        .expect(200);
    let wanted = [
        "/body/business_name",
        "/body/city",
        "/body/availability",
        "/body/services/1/licence_number",
        "/body/services/1/licence_expires_on",
        // A film is no photo, and one photo is not two.
        "/body/portfolio",
        "/body/portfolio",
    ];
    crate::support::check_problem(&submit(&maya, &id).await, 422, "enrollment_incomplete", Some(&wanted));
    // A licence that has expired since, and a service that is gone.
    patch(&maya, &id, plumber()).await.expect(200);
    app.database
        .execute("UPDATE enrollments SET fields = jsonb_set(fields, '{services,0,licence_expires_on}', '\"2020-01-01\"')")
        .await;
    let expired = ["/body/services/0/licence_expires_on", "/body/portfolio"];
    patch(&maya, &id, json!({"portfolio": null})).await.expect(200);
    crate::support::check_problem(
        &submit(&maya, &id).await,
        422,
        "enrollment_incomplete",
        Some(&expired[..1]),
    );
    app.user("ann", Role::Admin).delete("/services/services/pipe_repair").await.expect(204);
    let gone = ["/body/services/0/service_id", "/body/services/0/licence_expires_on"];
    crate::support::check_problem(&submit(&maya, &id).await, 422, "enrollment_incomplete", Some(&gone));
    assert_eq!(count(&app, "providers").await, 0);
}

#[tokio::test]
async fn all_that_is_wrong_with_what_is_filled_in_is_told_at_once() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = start(&maya).await;
    let twice = Uuid::now_v7();
    let wrong = json!({
        "business_name": " ", "zone": "Mars/Olympus",
        "services": [
            {"service_id": "dragon_taming"},
            {"service_id": "house_cleaning", "price_min_cents": 2, "price_max_cents": 1, "places": ["remote"]},
            {"service_id": "pipe_repair", "licence_number": "1", "licence_expires_on": "2020-01-01"},
        ],
        "availability": {"zone": "America/New_York", "weekly": {"monday": [{"start": "17:00", "end": "09:00"}]}},
        "portfolio": [{"media_id": twice}, {"media_id": twice, "service_id": "dragon_taming"}],
    });
    let pointers = [
        "/body/business_name",
        "/body/zone",
        "/body/services/0/service_id",
        "/body/services/1/price_max_cents",
        "/body/services/1/places/0",
        "/body/services/2/licence_expires_on",
        "/body/availability/weekly/monday/0/end",
        "/body/portfolio/1/service_id",
        "/body/portfolio/1/media_id",
    ];
    crate::support::check_problem(&patch(&maya, &id, wrong).await, 422, "invalid", Some(&pointers));
    let wrong = json!({
        "headline": 5, "email": "nobody", "radius_km": -1, "years_experience": 81, "vip": true,
        "location": {"latitude": 91, "longitude": 0}, "services": [{}],
        "availability": {"zone": "Mars/Olympus", "weekly": {"monday": [{"start": "9", "end": "10:00"}]}},
    });
    let answer = patch(&maya, &id, wrong).await;
    assert_problem!(answer, 422, "invalid");
    let told: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().filter_map(|one| one["pointer"].as_str()).collect();
    for field in [
        "headline",
        "email",
        "radius_km",
        "years_experience",
        "vip",
        "location/latitude",
        "services/0/service_id",
        "availability/zone",
        "availability/weekly/monday/0/start",
    ] {
        assert!(told.contains(&format!("/body/{field}").as_str()), "{field} is not told of: {told:?}");
    }
    assert_eq!(maya.get("/enrollment/mine").await.expect(200).body["fields"], json!({}));
}

#[tokio::test]
async fn an_enrollment_is_its_owners_and_its_pictures_are() {
    let app = App::builder().workers(0).start().await;
    let (maya, noah) = (app.consumer("maya"), app.consumer("noah"));
    assert_problem!(noah.get("/enrollment/mine").await, 403, "not_yours");
    let (hers, his) = (start(&maya).await, start(&noah).await);
    assert_ne!(hers, his);
    assert_eq!(noah.get("/enrollment/mine").await.expect(200).body["id"], json!(his));
    let photo = media(&app, id_of(&maya).await, "image").await;
    let shown = |id: Uuid| json!({"portfolio": [{"media_id": id}]});
    assert_problem!(patch(&noah, &his, shown(photo)).await, 403, "not_yours");
    assert_problem!(patch(&noah, &his, shown(Uuid::now_v7())).await, 403, "not_yours");
    patch(&maya, &hers, shown(photo)).await.expect(200);
    // An admin may move everybody's, with the owner's pictures, and that is written down.
    let ann = app.user("ann", Role::Admin);
    patch(&ann, &hers, shown(photo)).await.expect(200);
    assert_problem!(patch(&ann, &his, shown(photo)).await, 403, "not_yours");
    ann.delete(&format!("/enrollment/{his}")).await.expect(204);
    let audit = ann.get("/admin/audit").await.expect(200).body;
    let told: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (&entry["action"], &entry["object_id"]))
        .collect();
    let (delete, fill_in) = (json!("enrollment.delete"), json!("enrollment.fill_in"));
    assert_eq!(told, [(&delete, &json!(his)), (&fill_in, &json!(hers))]);
    assert_problem!(app.guest().await.move_on("/enrollment/start").await, 403, "account_required");
}

#[tokio::test]
async fn who_has_a_profile_does_not_enroll() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = start(&maya).await;
    patch(&maya, &id, cleaner()).await.expect(200);
    let business = json!({"name": "Curls & Co", "city": "Brooklyn"});
    maya.post("/providers", business).await.expect(201);
    assert_problem!(maya.move_on("/enrollment/start").await, 409, "provider_exists");
    assert_problem!(submit(&maya, &id).await, 409, "provider_exists");
    assert_eq!(maya.get("/enrollment/mine").await.expect(200).body["status"], "draft");
}

#[tokio::test]
async fn a_draft_can_be_deleted_and_its_time_ends() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = start(&maya).await;
    maya.delete(&format!("/enrollment/{id}")).await.expect(204);
    assert_problem!(maya.get(&format!("/enrollment/{id}")).await, 403, "not_yours");
    let id = start(&maya).await;
    app.database.execute("UPDATE enrollments SET expires_at = now() - interval '1 second'").await;
    assert_problem!(maya.get("/enrollment/mine").await, 403, "not_yours");
    assert_problem!(maya.get(&format!("/enrollment/{id}")).await, 403, "not_yours");
    assert_problem!(patch(&maya, &id, cleaner()).await, 403, "not_yours");
    assert_problem!(submit(&maya, &id).await, 403, "not_yours");
    assert_ne!(start(&maya).await, id);
    let key = |key: &str| maya.call(Method::POST, "/enrollment/start").header("idempotency-key", key);
    let first = maya.send(key("k")).await.expect(200);
    assert_eq!(maya.send(key("k")).await.expect(200).body["id"], first.body["id"]);
}

#[tokio::test]
async fn nobody_is_approved_whose_account_is_closed() {
    let app = App::builder().workers(0).start().await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    let id = start(&maya).await;
    patch(&maya, &id, plumber()).await.expect(200);
    submit(&maya, &id).await.expect(200);
    let approve = format!("/enrollment/{id}/approve");
    let status = format!("/admin/users/{}/status", app.id_of(&maya).await);
    ann.put(&status, json!({"status": "suspended"})).await.expect(200);
    assert_problem!(ann.move_on(&approve).await, 409, "illegal_move");
    ann.put(&status, json!({"status": "deleted"})).await.expect(200);
    assert_problem!(ann.move_on(&approve).await, 403, "not_yours");
    assert_eq!(count(&app, "providers").await, 0);
}
