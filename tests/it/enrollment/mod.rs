//! How somebody becomes a provider: a draft that is filled in, handed in once, and decided.

mod races;
mod refused;

use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, assert_problem, eventually};

async fn patch(caller: &Caller, id: &str, body: Value) -> Answer {
    caller.send(caller.call(Method::PATCH, &format!("/enrollment/{id}")).json(&body)).await
}

async fn submit(caller: &Caller, id: &str) -> Answer {
    caller.move_on(&format!("/enrollment/{id}/submit")).await
}

async fn start(caller: &Caller) -> String {
    let started = caller.move_on("/enrollment/start").await.expect(201);
    let id = started.body["id"].as_str().unwrap().to_owned();
    assert_eq!(started.header("location"), Some(format!("/enrollment/{id}").as_str()));
    id
}

fn hours() -> Value {
    json!({
        "zone": "America/New_York", "weekly": {"tuesday": [{"start": "09:00", "end": "17:30"}]},
        "exceptions": [{"date": "2026-12-25", "hours": []}], "notice_minutes": 60, "max_per_day": 4, "buffer_minutes": 15,
    })
}

/// All that a house cleaner has to say.
fn cleaner() -> Value {
    json!({
        "business_name": "Spick & Span", "headline": "Clean", "city": "Brooklyn", "availability": hours(),
        "email": "spick@example.com", "phone": "+1 718 555 0123", "street": "1 Bergen Street",
        "services": [{"service_id": "house_cleaning", "price_min_cents": 9_000}],
    })
}

/// Mends pipes, which needs a licence.
fn plumbing() -> Value {
    json!({"service_id": "pipe_repair", "licence_number": "LMP-1", "licence_expires_on": "2099-12-31"})
}

/// A plumber, who can do nothing without a licence.
fn plumber() -> Value {
    let mut plumber = cleaner();
    plumber["services"] = json!([plumbing()]);
    plumber
}

/// A picture or film that somebody has uploaded.
async fn media(app: &App, owner: Uuid, kind: &str) -> Uuid {
    let id = Uuid::now_v7();
    let (mime, size) = if kind == "image" { ("image/jpeg", "100") } else { ("video/mp4", "NULL") };
    let made = format!(
        "INSERT INTO media (id, user_id, kind, mime, bytes, width, height, ready_at)
           VALUES ('{id}', '{owner}', '{kind}', '{mime}', 1000, {size}, {size}, now())"
    );
    app.database.execute(&made).await;
    id
}

/// Who somebody is.
async fn id_of(caller: &Caller) -> Uuid {
    caller.get("/auth/me").await.expect(200).body["id"].as_str().unwrap().parse().unwrap()
}

async fn count(app: &App, of: &str) -> i64 {
    app.database.value(&format!("SELECT count(*) FROM {of}")).await.as_i64().unwrap()
}

fn missing(enrollment: &Value) -> Vec<&str> {
    enrollment["missing"].as_array().unwrap().iter().filter_map(|one| one["pointer"].as_str()).collect()
}

#[tokio::test]
async fn a_draft_that_is_filled_in_becomes_a_provider() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let id = start(&maya).await;
    let again = maya.move_on("/enrollment/start").await.expect(200).body;
    assert_eq!((again["id"].as_str(), &again["status"]), (Some(id.as_str()), &json!("draft")));
    assert_eq!(
        missing(&again),
        ["/body/business_name", "/body/city", "/body/services", "/body/availability"]
    );

    let user = id_of(&maya).await;
    let (first, second) = (media(&app, user, "image").await, media(&app, user, "image").await);
    let curls = json!({
        "business_name": "Curls & Co", "city": "Brooklyn", "bio": "Soon.", "languages": ["English"],
        "services": [{
            "service_id": "haircut", "places": ["provider"], "price_min_cents": 5_500, "price_max_cents": 9_000,
            "currency": "USD", "duration_minutes": 60, "specializations": ["3B curls"], "description": "Dry cuts.",
        }],
    });
    let filled = patch(&maya, &id, curls).await.expect(200).body;
    assert_eq!(missing(&filled), ["/body/availability", "/body/portfolio"]);
    let filled = patch(&maya, &id, json!({"bio": null, "availability": hours()})).await.expect(200).body;
    assert_eq!((&filled["fields"]["bio"], &filled["fields"]["city"]), (&Value::Null, &json!("Brooklyn")));
    let shown = json!({"portfolio": [{"media_id": first, "service_id": "haircut", "title": "Maya"}, {"media_id": second}]});
    let filled = patch(&maya, &id, shown).await.expect(200).body;
    assert_eq!(missing(&filled), [""; 0]);
    assert_eq!(maya.get("/enrollment/mine").await.expect(200).body, filled);
    assert_eq!(count(&app, "enrollment_media").await, 2);

    let verified = submit(&maya, &id).await.expect(200).body;
    assert_eq!((&verified["status"], &verified["missing"]), (&json!("verified"), &json!([])));
    let provider = verified["provider_id"].as_str().unwrap();
    let rows = app.database.rows("SELECT * FROM providers").await;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row["id"].as_str(), &row["user_id"]), (Some(provider), &json!(user)));
    assert_eq!(
        (&row["name"], &row["zone"], &row["status"]),
        (&json!("Curls & Co"), &json!("America/New_York"), &json!("active"))
    );
    let service = &app.database.rows("SELECT * FROM provider_services").await[0];
    assert_eq!(
        (&service["service_id"], &service["licence"], &service["price_min_cents"]),
        (&json!("haircut"), &json!("not_needed"), &json!(5_500))
    );
    let calendar = &app.database.rows("SELECT * FROM availability").await[0];
    assert_eq!(
        (&calendar["notice_minutes"], &calendar["max_per_day"], &calendar["buffer_minutes"]),
        (&json!(60), &json!(4), &json!(15))
    );
    assert_eq!(calendar["weekly"]["tuesday"], json!([{"start": "09:00", "end": "17:30"}]));
    assert_eq!(calendar["exceptions"], json!([{"date": "2026-12-25", "hours": []}]));
    let portfolio =
        app.database.rows("SELECT media_id, service_id, title FROM portfolio_items ORDER BY id").await;
    assert_eq!(portfolio[0], json!({"media_id": first, "service_id": "haircut", "title": "Maya"}));
    // What the provider takes out of the portfolio later hangs on nothing more.
    assert_eq!((portfolio.len(), count(&app, "enrollment_media").await), (2, 0));
    let person =
        &app.database.rows(&format!("SELECT role, role_earned FROM users WHERE id = '{user}'")).await[0];
    assert_eq!(person, &json!({"role": "provider", "role_earned": true}));
    assert_eq!(count(&app, "tasks WHERE kind = 'embedding'").await, 1);
    let told = app.database.rows("SELECT user_id, kind, enrollment_id FROM notifications").await;
    assert_eq!(told, [json!({"user_id": user, "kind": "enrollment_decided", "enrollment_id": id})]);
    let history = app.database.rows("SELECT \"from\", \"to\", actor_id FROM enrollment_history").await;
    assert_eq!(history, [json!({"from": "draft", "to": "verified", "actor_id": user})]);

    eventually("the role counts", async || {
        maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.status == 403
    })
    .await;
    assert_problem!(maya.move_on("/enrollment/start").await, 409, "provider_exists");
    assert_problem!(patch(&maya, &id, json!({"bio": "More."})).await, 409, "illegal_move");
    assert_problem!(maya.delete(&format!("/enrollment/{id}")).await, 409, "illegal_move");
    assert_eq!(submit(&maya, &id).await.expect(200).body["provider_id"], json!(provider));
}

#[tokio::test]
async fn with_none_but_licensed_services_an_admin_decides() {
    let app = App::builder().workers(0).start().await;
    let (maya, ann, bob) = (app.consumer("maya"), app.user("ann", Role::Admin), app.user("bob", Role::Admin));
    let id = start(&maya).await;
    patch(&maya, &id, plumber()).await.expect(200);
    let (approve, reject) = (format!("/enrollment/{id}/approve"), format!("/enrollment/{id}/reject"));
    assert_problem!(ann.move_on(&approve).await, 409, "illegal_move");
    assert_eq!(submit(&maya, &id).await.expect(200).body["status"], "pending_verification");
    assert_eq!(submit(&maya, &id).await.expect(200).body["status"], "pending_verification");
    assert_problem!(patch(&maya, &id, json!({"bio": "More."})).await, 409, "illegal_move");
    assert_eq!((count(&app, "providers").await, count(&app, "notifications").await), (0, 0));

    let waiting = ann.get("/enrollment?status=pending_verification").await.expect(200).body;
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    assert_eq!(waiting["items"][0]["id"], json!(id));
    assert_eq!(ann.get("/enrollment?status=verified").await.expect(200).body["items"], json!([]));
    let blank = ann.post(&reject, json!({"reasons": ["  "]})).await;
    assert_problem!(blank, 422, "invalid", ["/body/reasons/0"]);
    assert_problem!(ann.post(&reject, json!({"reasons": []})).await, 422, "invalid", ["/body/reasons"]);
    let why = json!({"reasons": ["The number belongs to somebody else."]});
    let rejected = ann.post(&reject, why.clone()).await.expect(200).body;
    assert_eq!((&rejected["status"], &rejected["reasons"]), (&json!("rejected"), &why["reasons"]));
    ann.post(&reject, why.clone()).await.expect(200);
    assert_problem!(bob.post(&reject, why.clone()).await, 409, "illegal_move");
    assert_eq!(count(&app, "notifications WHERE kind = 'enrollment_decided'").await, 1);
    assert_problem!(submit(&maya, &id).await, 409, "illegal_move");

    let mut other = plumbing();
    other["licence_number"] = json!("LMP-2");
    let draft = patch(&maya, &id, json!({"services": [other]})).await.expect(200).body;
    assert_eq!((&draft["status"], &draft["reasons"]), (&json!("draft"), &why["reasons"]));
    let waits = submit(&maya, &id).await.expect(200).body;
    assert_eq!((&waits["status"], &waits["reasons"]), (&json!("pending_verification"), &json!([])));
    let verified = ann.move_on(&approve).await.expect(200).body;
    assert_eq!(verified["status"], "verified");
    assert_eq!(ann.move_on(&approve).await.expect(200).body, verified, "approved twice it is approved once");
    assert_problem!(bob.move_on(&approve).await, 409, "illegal_move");
    assert_problem!(ann.post(&reject, why).await, 409, "illegal_move");
    let licence = app.database.rows("SELECT licence, licence_number FROM provider_services").await;
    assert_eq!(licence, [json!({"licence": "verified", "licence_number": "LMP-2"})]);
    let counts = ["providers", "notifications", "tasks WHERE kind = 'embedding'"];
    for (of, wanted) in counts.into_iter().zip([1, 2, 1]) {
        assert_eq!(count(&app, of).await, wanted, "{of}");
    }
    let audit = ann.get("/admin/audit").await.expect(200).body;
    let told: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert_eq!(told, ["enrollment.approve", "enrollment.reject"]);
    let moves = app.database.rows("SELECT \"to\"::text FROM enrollment_history ORDER BY at").await;
    let moves: Vec<_> = moves.iter().filter_map(|row| row["to"].as_str()).collect();
    assert_eq!(moves, ["pending_verification", "rejected", "draft", "pending_verification", "verified"]);
}

#[tokio::test]
async fn beside_one_without_a_licence_those_with_one_wait() {
    let app = App::builder().workers(0).start().await;
    let (maya, ann) = (app.consumer("maya"), app.user("ann", Role::Admin));
    let id = start(&maya).await;
    let mut both = cleaner();
    both["services"] = json!([{"service_id": "house_cleaning"}, plumbing()]);
    patch(&maya, &id, both).await.expect(200);
    let verified = submit(&maya, &id).await.expect(200).body;
    assert_eq!(verified["status"], "verified");
    let licences =
        app.database.rows("SELECT service_id, licence FROM provider_services ORDER BY service_id").await;
    assert_eq!(licences[0], json!({"service_id": "house_cleaning", "licence": "not_needed"}));
    assert_eq!(licences[1], json!({"service_id": "pipe_repair", "licence": "pending_verification"}));

    let of = |service: &str| {
        format!("/admin/providers/{}/services/{service}/verify", verified["provider_id"].as_str().unwrap())
    };
    let put = async |path: &str, body: Value| ann.send(ann.call(Method::PUT, path).json(&body)).await;
    let good = put(&of("pipe_repair"), json!({"approved": true})).await.expect(200).body;
    assert_eq!(
        (&good["licence"], &good["licence_number"], &good["licence_expires_on"]),
        (&json!("verified"), &json!("LMP-1"), &json!("2099-12-31"))
    );
    assert_eq!(put(&of("pipe_repair"), json!({"approved": true})).await.expect(200).body, good);
    let refused =
        put(&of("pipe_repair"), json!({"approved": false, "note": "It was revoked."})).await.expect(200).body;
    assert_eq!((&refused["licence"], &refused["note"]), (&json!("rejected"), &json!("It was revoked.")));
    let late = put(&of("pipe_repair"), json!({"approved": true, "licence_expires_on": "2020-01-01"})).await;
    assert_problem!(late, 422, "invalid", ["/body/licence_expires_on"]);
    assert_problem!(put(&of("house_cleaning"), json!({"approved": true})).await, 409, "illegal_move");
    assert_problem!(put(&of("deep_cleaning"), json!({"approved": true})).await, 404, "not_found");
    let nobody = format!("/admin/providers/{}/services/pipe_repair/verify", Uuid::now_v7());
    assert_problem!(put(&nobody, json!({"approved": true})).await, 404, "not_found");
    let audit = ann.get("/admin/audit").await.expect(200).body;
    let notes: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| &entry["note"]).collect();
    assert_eq!(
        notes[1],
        &json!({"service_id": "pipe_repair", "from": "pending_verification", "to": "verified"})
    );
    assert_eq!(notes[0], &json!({"service_id": "pipe_repair", "from": "verified", "to": "rejected"}));
    assert_eq!((notes.len(), count(&app, "notifications").await), (2, 3));
}

#[tokio::test]
async fn a_licence_without_a_number_is_not_approved() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Admin);
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let waits = format!(
        "INSERT INTO provider_services (provider_id, service_id, places, licence)
           VALUES ('{provider}', 'pipe_repair', '{{consumer}}', 'pending_verification')"
    );
    app.database.execute(&waits).await;
    let path = format!("/admin/providers/{provider}/services/pipe_repair/verify");
    let answer = ann.send(ann.call(Method::PUT, &path).json(&json!({"approved": true}))).await;
    assert_problem!(answer, 422, "invalid", ["/body/licence_number", "/body/licence_expires_on"]);
}

#[tokio::test]
async fn an_admin_suspends_a_provider_and_lets_it_go_on() {
    let app = App::builder().workers(0).start().await;
    let ann = app.user("ann", Role::Admin);
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    let path = format!("/admin/providers/{provider}/status");
    let put = async |body: Value| ann.send(ann.call(Method::PUT, &path).json(&body)).await;
    let why = json!({"status": "suspended", "note": "Nobody came."});
    for _ in 0..2 {
        let stands = put(why.clone()).await.expect(200).body;
        assert_eq!(stands, json!({"provider_id": provider, "status": "suspended"}));
    }
    assert_problem!(app.consumer("maya").get(&format!("/providers/{provider}")).await, 404, "not_found");
    put(json!({"status": "active"})).await.expect(200);
    app.consumer("maya").get(&format!("/providers/{provider}")).await.expect(200);
    assert_problem!(put(json!({"status": "paused"})).await, 422, "invalid", ["/body/status"]);
    let history = "SELECT \"from\", \"to\", note FROM provider_history ORDER BY at";
    let history = app.database.rows(history).await;
    let wanted = [
        json!({"from": "active", "to": "suspended", "note": "Nobody came."}),
        json!({"from": "suspended", "to": "active", "note": null}),
    ];
    assert_eq!(history, wanted);
    let audit = ann.get("/admin/audit").await.expect(200).body;
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    assert_eq!(audit["items"][1]["note"], json!({"from": "active", "to": "suspended"}));
}
