//! Becoming a provider.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{barber, haircut, open};
use crate::support::{App, assert_problem};

async fn app() -> App {
    App::builder().workers(0).start().await
}

#[tokio::test]
async fn a_business_makes_its_owner_a_provider() {
    let app = app().await;
    let curls = app.consumer("curls");
    let answer = curls.post("/providers", barber(json!({}))).await.expect(201);
    let id = answer.body["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), Some(format!("/providers/{id}").as_str()));
    let made = &answer.body;
    for (field, value) in barber(json!({})).as_object().unwrap() {
        if !["location", "email", "phone", "street", "services"].contains(&field.as_str()) {
            assert_eq!(
                made[field].as_f64().map_or(made[field].clone(), Value::from),
                value.as_f64().map_or(value.clone(), Value::from),
                "{field}"
            );
        }
    }
    assert_eq!(made["location"], json!({"latitude": 40.68, "longitude": -73.94}), "rounded");
    assert_eq!(made["contact"]["location"], json!({"latitude": 40.6812, "longitude": -73.9437}));
    assert_eq!(made["contact"]["street"], "12 Bergen Street");
    assert_eq!((&made["status"], &made["zone"]), (&json!("active"), &json!("America/New_York")));
    assert_eq!((&made["services"], &made["price_from_cents"]), (&json!(["haircut"]), &json!(5_500)));
    assert_eq!((&made["rating"], &made["review_count"]), (&Value::Null, &json!(0)));

    // From the next call on, and whatever the token says.
    assert_eq!(curls.get("/auth/me").await.expect(200).body["role"], "provider");
    assert_problem!(
        curls.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await,
        403,
        "wrong_role"
    );
    assert_eq!(app.database.value("SELECT role_earned FROM users").await, true);
    let task =
        app.database.value("SELECT kind::text FROM tasks WHERE user_id = (SELECT id FROM users)").await;
    assert_eq!(task, "embedding");
    let hours = app.database.rows("SELECT weekly, notice_minutes FROM availability").await;
    assert_eq!(hours[0]["weekly"]["friday"], json!([{"start": "09:00", "end": "17:00"}]));
    assert_eq!((&hours[0]["weekly"]["saturday"], &hours[0]["notice_minutes"]), (&Value::Null, &json!(120)));
}

#[tokio::test]
async fn one_business_is_enough_however_many_calls_at_once() {
    let app = app().await;
    let curls = app.consumer("curls");
    let answers = join_all((0..6).map(|_| curls.post("/providers", barber(json!({}))))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_problem!(answer, 409, "provider_exists");
    }
    for table in ["providers", "provider_services", "availability", "tasks"] {
        assert_eq!(app.database.value(&format!("SELECT count(*) FROM {table}")).await, 1, "{table}");
    }
}

#[tokio::test]
async fn the_same_call_makes_it_once() {
    let app = app().await;
    let curls = app.consumer("curls");
    let call = |key: &str, body: Value| {
        curls.send(curls.call(Method::POST, "/providers").header("idempotency-key", key).json(&body))
    };
    let first = call("k", barber(json!({}))).await.expect(201);
    let again = call("k", barber(json!({}))).await.expect(201);
    assert_eq!(
        (first.body, first.headers["location"].clone()),
        (again.body, again.headers["location"].clone())
    );
    assert_problem!(call("k", barber(json!({"name": "Another"}))).await, 422, "idempotency_mismatch", []);
    assert_problem!(call("other", barber(json!({}))).await, 409, "provider_exists");
}

#[tokio::test]
async fn an_admin_with_a_business_stays_an_admin() {
    let app = app().await;
    let ann = app.user("ann", proxie_shared::model::users::Role::Admin);
    ann.post("/providers", barber(json!({}))).await.expect(201);
    assert_eq!(ann.get("/auth/me").await.expect(200).body["role"], "admin");
    ann.get("/admin/audit").await.expect(200);
}

#[tokio::test]
async fn what_needs_a_licence_waits_for_an_admin() {
    let app = app().await;
    let pipes = haircut(json!({
        "service_id": "pipe_repair", "places": ["consumer"], "licence_number": "NY-1", "licence_expires_on": "2031-05-31",
    }));
    let (_, id) = open(&app, "pipes", json!({"services": [pipes, haircut(json!({}))]})).await;
    let rows = app
        .database
        .rows(&format!(
            "SELECT service_id, licence::text, licence_number FROM provider_services WHERE provider_id = '{id}' ORDER BY 1"
        ))
        .await;
    assert_eq!(rows[0]["licence"], "not_needed");
    assert_eq!(
        (&rows[1]["licence"], &rows[1]["licence_number"]),
        (&json!("pending_verification"), &json!("NY-1"))
    );
}

#[tokio::test]
async fn the_least_that_can_be_said_is_a_name_and_a_city() {
    let app = app().await;
    let made = app.consumer("a").post("/providers", json!({"name": " A  B ", "city": " new   york "})).await;
    let made = made.expect(201).body;
    assert_eq!(
        (&made["name"], &made["city"], &made["radius_km"]),
        (&json!("A  B"), &json!("new york"), &json!(25.0))
    );
    assert_eq!(made["zone"], "America/New_York");
    assert!(made["location"].is_object() && made["services"] == json!([]), "{made}");
    let nowhere = json!({"name": "A", "city": "Atlantis", "zone": "Europe/Athens"});
    let made = app.consumer("b").post("/providers", nowhere).await.expect(201).body;
    assert_eq!((&made["zone"], &made["location"]), (&json!("Europe/Athens"), &Value::Null));
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_business_is_told_at_once() {
    let app = app().await;
    let curls = app.consumer("curls");
    let services = json!([
        {"service_id": "unicorn_grooming", "places": ["provider"], "currency": "USD"},
        haircut(json!({"places": ["remote"], "price_min_cents": 2, "price_max_cents": 1})),
        haircut(json!({"specializations": [" "], "licence_number": " ", "licence_expires_on": "2020-01-01"})),
    ]);
    let wrong = json!({
        "name": "  ", "city": " ", "zone": "Mars/Olympus", "languages": ["", "English"], "phone": "   ", "street": " ",
        "services": services,
    });
    assert_problem!(
        curls.post("/providers", barber(wrong)).await,
        422,
        "invalid",
        [
            "/body/name",
            "/body/city",
            "/body/zone",
            "/body/languages/0",
            "/body/phone",
            "/body/street",
            "/body/services/0/service_id",
            "/body/services/1/places/0",
            "/body/services/1/price_max_cents",
            "/body/services/2/service_id",
            "/body/services/2/specializations/0",
            "/body/services/2/licence_number",
            "/body/services/2/licence_expires_on"
        ]
    );
    let wrong = json!({
        "name": "", "radius_km": -1, "years_experience": 1.5, "email": "nobody", "location": {"latitude": 91, "longitude": 0},
        "status": "active", "rating": 5, "user_id": "me", "services": [{"service_id": "haircut"}],
    });
    let answer = curls.post("/providers", barber(wrong)).await;
    assert_problem!(answer, 422, "invalid");
    let told: Vec<&str> =
        answer.body["errors"].as_array().unwrap().iter().filter_map(|e| e["pointer"].as_str()).collect();
    for field in [
        "name",
        "radius_km",
        "years_experience",
        "email",
        "location/latitude",
        "status",
        "rating",
        "user_id",
        "services/0/places",
        "services/0/currency",
    ] {
        assert!(told.contains(&format!("/body/{field}").as_str()), "{field} is not told of: {told:?}");
    }
    let nowhere = json!({"name": "A", "city": "Atlantis"});
    assert_problem!(curls.post("/providers", nowhere).await, 422, "invalid", ["/body/zone"]);
    assert_eq!(app.database.value("SELECT count(*) FROM providers").await, 0);
}
