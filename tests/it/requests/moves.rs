//! Requests after they are posted: read, changed, matched again, cancelled.

use futures::future::join_all;
use proxie_shared::model::users::Role;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, App, Caller, Task, WAITING, assert_problem, eventually};

async fn patch(caller: &Caller, request: Uuid, body: Value) -> Answer {
    caller.send(caller.call(Method::PATCH, &format!("/requests/{request}")).json(&body)).await
}

async fn cancel(caller: &Caller, request: Uuid) -> Answer {
    caller.move_on(&format!("/requests/{request}/cancel")).await
}

async fn rematch(caller: &Caller, request: Uuid) -> Answer {
    caller.move_on(&format!("/requests/{request}/match")).await
}

/// Maya, her request, and a provider that it was routed to.
async fn routed(app: &App) -> (Caller, Uuid, Uuid) {
    let maya = app.consumer("maya");
    let request = app.request_row(app.id_of(&maya).await).await;
    let provider = app.provider_row(app.user_row(Role::Provider).await).await;
    app.lead_row(request, provider).await;
    (maya, request, provider)
}

async fn history(app: &App, request: Uuid) -> Vec<(String, String)> {
    let rows = app
        .database
        .rows(&format!(
            r#"SELECT "from"::text AS a, "to"::text AS b FROM request_history WHERE request_id = '{request}' ORDER BY at"#
        ))
        .await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    rows.iter().map(|row| (text(&row["a"]), text(&row["b"]))).collect()
}

fn moves(drawn: &[(&str, &str)]) -> Vec<(String, String)> {
    drawn.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
}

/// The open tasks of a request, by kind.
async fn open_tasks(app: &App, request: Uuid, kind: &str) -> i64 {
    let count = format!(
        "SELECT count(*) FROM tasks WHERE request_id = '{request}' AND kind = '{kind}' AND status = 'processing'"
    );
    app.database.value(&count).await.as_i64().unwrap()
}

#[tokio::test]
async fn a_request_is_read_by_its_consumer_and_by_those_that_it_was_routed_to() {
    let app = App::builder().workers(0).start().await;
    let curls = app.user("curls", Role::Provider);
    let provider = app.provider_row(app.id_of(&curls).await).await;
    let maya = app.consumer("maya");
    maya.send(maya.call(Method::PUT, "/consumers/me/profile").json(&json!({
        "name": "Maya Lindqvist", "phone": "+1 718 555 0177", "street": "44 Canary Court", "email": "maya@canary.example"
    })))
    .await
    .expect(200);
    let photo = app.media_row(app.id_of(&maya).await).await;
    let body = json!({
        "service_id": "haircut", "city": "Brooklyn", "place": "consumer", "media": [photo, photo],
        "location": {"latitude": 40.687_654_3, "longitude": -73.941_234_5}, "description": "curls to the shoulder",
    });
    let posted = maya.post("/requests", body).await.expect(201).body;
    assert_eq!((&posted["media"][0]["id"], &posted["place"]), (&json!(photo), &json!("consumer")));
    let id: Uuid = posted["id"].as_str().unwrap().parse().unwrap();
    let path = format!("/requests/{id}");
    let mut read = maya.get(&path).await.expect(200).body;
    // Its links are signed anew.
    read["media"] = posted["media"].clone();
    assert_eq!(read, posted);
    assert_problem!(curls.get(&path).await, 403, "not_yours");

    app.lead_row(id, provider).await;
    let seen = curls.get(&path).await.expect(200);
    assert_eq!((&seen.body["first_name"], &seen.body["media"][0]["id"]), (&json!("Maya"), &json!(photo)));
    assert_eq!(
        (&seen.body["city"], &seen.body["description"]),
        (&json!("Brooklyn"), &json!("curls to the shoulder"))
    );
    for secret in
        ["Lindqvist", "0177", "Canary", "canary", "40.68", "73.94", "location", "user_id", "task_id"]
    {
        assert!(!seen.text.contains(secret), "tells {secret}: {}", seen.text);
    }
    assert_problem!(curls.get(&format!("{path}/matches")).await, 403, "not_yours");
    let matches = maya.get(&format!("{path}/matches")).await.expect(200).body;
    assert_eq!(matches["items"][0]["provider"]["id"], json!(provider));
    assert_eq!((&matches["items"][0]["round"], &matches["items"][0]["viewed"]), (&json!(1), &json!(false)));
    for secret in ["curls@example.com", "555 0100", "Bergen"] {
        assert!(!matches.to_string().contains(secret), "tells {secret}: {matches}");
    }
}

#[tokio::test]
async fn a_request_without_offers_is_changed_and_matched_again() {
    let app = App::builder().workers(0).start().await;
    let (maya, request, answered) = routed(&app).await;
    let offered = app.provider_row(app.user_row(Role::Provider).await).await;
    app.lead_row(request, offered).await;
    app.database
        .execute(&format!("UPDATE request_matches SET passed_at = now() WHERE provider_id = '{answered}'"))
        .await;
    let before = maya.get(&format!("/requests/{request}")).await.expect(200).body;
    let change = json!({"city": "Queens", "budget": null, "description": "shorter", "specializations": []});
    let after = patch(&maya, request, change).await.expect(200).body;
    assert_eq!(
        (&after["city"], &after["budget"], &after["description"]),
        (&json!("Queens"), &Value::Null, &json!("shorter"))
    );
    assert_eq!(
        (&after["status"], &after["location"]),
        (&json!("matching"), &Value::Null),
        "another place is elsewhere"
    );
    assert_eq!((&after["service_id"], &after["expires_at"]), (&before["service_id"], &before["expires_at"]));
    assert_ne!(after["task_id"], before["task_id"]);
    assert_eq!(open_tasks(&app, request, "matching").await, 1, "the one before is cancelled");
    assert_eq!(history(&app, request).await, moves(&[("matched", "matching")]));
    // Who has not answered is looked at anew; who has passed is not asked again.
    let kept = app
        .database
        .rows(&format!("SELECT provider_id FROM request_matches WHERE request_id = '{request}'"))
        .await;
    assert_eq!(kept, [json!({"provider_id": answered})]);

    let wrong = json!({
        "zone": "Mars/Olympus", "service_id": "dragons", "budget": {"min_cents": 5, "max_cents": 1, "currency": "USD"},
        "window": {"from": "2030-01-02T00:00", "to": "2030-01-01T00:00"},
    });
    let refused = patch(&maya, request, wrong).await;
    assert_problem!(
        refused,
        422,
        "invalid",
        ["/body/zone", "/body/service_id", "/body/budget", "/body/window"]
    );
    let over = json!({"window": {"from": "2020-01-01T00:00", "to": "2020-01-02T00:00"}});
    assert_problem!(patch(&maya, request, over).await, 422, "invalid", ["/body/window"]);
    assert_problem!(patch(&maya, request, json!({"city": "Atlantis"})).await, 422, "invalid", ["/body/zone"]);
    assert_problem!(
        patch(&maya, request, json!({"status": "booked"})).await,
        422,
        "invalid",
        ["/body/status"]
    );
    let foreign = app.media_row(app.user_row(Role::Consumer).await).await;
    assert_problem!(patch(&maya, request, json!({"media": [foreign]})).await, 403, "not_yours");

    app.request_row(app.id_of(&maya).await).await;
    assert_problem!(patch(&maya, request, json!({"city": "BROOKLYN"})).await, 409, "duplicate_request");
    patch(&maya, request, json!({"city": "Brooklyn", "allow_duplicate": true})).await.expect(200);
}

#[tokio::test]
async fn a_request_with_offers_is_not_changed() {
    let app = App::builder().workers(0).start().await;
    let (maya, request, provider) = routed(&app).await;
    app.offer_row(request, provider).await;
    let refused = patch(&maya, request, json!({"description": "shorter"})).await;
    assert_problem!(refused, 409, "illegal_move");
    assert_eq!(refused.body["from"], "offers_received");
    assert_problem!(rematch(&maya, request).await, 409, "illegal_move");
}

#[tokio::test]
async fn a_request_is_matched_again_every_ten_minutes_at_most() {
    let app = App::builder().workers(0).start().await;
    let (maya, request, _) = routed(&app).await;
    let soon = rematch(&maya, request).await;
    assert_problem!(soon, 429, "rate_limited");
    let seconds: u64 = soon.header("retry-after").unwrap().parse().unwrap();
    assert!((540..=601).contains(&seconds), "{seconds}");
    let passes = format!(
        "UPDATE tasks SET created_at = created_at - interval '10 minutes' WHERE request_id = '{request}'"
    );
    app.database.execute(&passes).await;
    let at_once = join_all((0..8).map(|_| rematch(&maya, request))).await;
    let taken: Vec<&Answer> = at_once.iter().filter(|answer| answer.status == 202).collect();
    assert_eq!(taken.len(), 1, "{at_once:?}");
    assert_eq!(at_once.iter().filter(|answer| answer.status == 429).count(), 7);
    let task = taken[0].body["task_id"].as_str().unwrap();
    assert_eq!(taken[0].header("location"), Some(format!("/chat/status/{task}").as_str()));
    assert_eq!(open_tasks(&app, request, "matching").await, 1);
    assert_eq!(history(&app, request).await, moves(&[("matched", "matching")]));
}

#[tokio::test]
async fn a_cancelled_request_takes_its_offers_and_tasks_with_it() {
    let app = App::builder().workers(0).start().await;
    let (maya, request, provider) = routed(&app).await;
    let offer = app.offer_row(request, provider).await;
    let at_once = join_all((0..5).map(|_| cancel(&maya, request))).await;
    for answer in &at_once {
        assert_eq!((answer.status, &answer.body["status"]), (200, &json!("cancelled")), "{answer:?}");
    }
    assert_eq!(history(&app, request).await, moves(&[("offers_received", "cancelled")]), "once");
    assert_eq!(open_tasks(&app, request, "matching").await, 0);
    let stands = format!("SELECT status::text FROM offers WHERE id = '{offer}'");
    assert_eq!(app.database.value(&stands).await, "declined");
    let told =
        format!("SELECT count(*) FROM notifications WHERE kind = 'offer_declined' AND offer_id = '{offer}'");
    assert_eq!(app.database.value(&told).await, 1);
    assert_problem!(patch(&maya, request, json!({"description": "x"})).await, 409, "request_closed");
    assert_problem!(rematch(&maya, request).await, 409, "request_closed");
    let long = json!({"reason": "x".repeat(1_001)});
    assert_problem!(
        maya.post(&format!("/requests/{request}/cancel"), long).await,
        422,
        "invalid",
        ["/body/reason"]
    );
}

#[tokio::test]
async fn a_matching_gives_way_to_who_cancels_or_changes_its_request() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    app.provider_row(app.user_row(Role::Provider).await).await;
    let (ends, changes) =
        (app.request_row(app.id_of(&maya).await).await, app.request_row(app.id_of(&maya).await).await);
    let held = app.database.hold("BEGIN; SELECT FROM requests FOR UPDATE").await;
    let waiting = async |number: usize| {
        eventually("they wait", async || app.database.value(WAITING).await == number).await;
    };
    let description = json!({"description": "shorter", "allow_duplicate": true});
    let meanwhile = async {
        waiting(2).await;
        app.start_worker();
        waiting(4).await;
        // Else who has the request would wait for its matching, and that for the request.
        let free = "SELECT count(*) FROM (SELECT FROM tasks FOR NO KEY UPDATE SKIP LOCKED) free";
        assert_eq!(app.database.value(free).await, 2, "no matching holds its task yet");
        held.finish("COMMIT").await;
    };
    let (cancelled, changed, ()) =
        tokio::join!(cancel(&maya, ends), patch(&maya, changes, description), meanwhile);
    assert_eq!(cancelled.expect(200).body["status"], "cancelled");
    let task = changed.expect(200).body["task_id"].as_str().unwrap().to_owned();
    Task::new(&maya, &task).result().await;
    assert_eq!(history(&app, ends).await, moves(&[("matching", "cancelled")]));
    assert_eq!(history(&app, changes).await, moves(&[("matching", "matched")]));
}

#[tokio::test]
async fn a_booked_request_is_cancelled_by_its_booking_and_one_whose_time_is_over_not_at_all() {
    let app = App::builder().workers(0).start().await;
    let (maya, request, provider) = routed(&app).await;
    let offer = app.offer_row(request, provider).await;
    app.booking_row(offer, 30).await;
    let refused = cancel(&maya, request).await;
    assert_problem!(refused, 409, "request_closed");
    assert!(refused.body["detail"].as_str().unwrap().contains("booking"), "{refused:?}");
    assert_eq!(refused.body["from"], "booked");

    let lapsed = app.request_row(app.id_of(&maya).await).await;
    let over = format!("UPDATE requests SET expires_at = now() - interval '1 second' WHERE id = '{lapsed}'");
    app.database.execute(&over).await;
    for refused in [
        cancel(&maya, lapsed).await,
        patch(&maya, lapsed, json!({"description": "x"})).await,
        rematch(&maya, lapsed).await,
    ] {
        assert_problem!(refused, 409, "request_closed");
        assert_eq!(refused.body["from"], "expired", "the sweep has not been yet");
    }
}

#[tokio::test]
async fn an_admins_moves_are_written_down() {
    let app = App::builder().workers(0).start().await;
    let (_, request, _) = routed(&app).await;
    let ann = app.user("ann", Role::Admin);
    patch(&ann, request, json!({"description": "as she told me"})).await.expect(200);
    cancel(&ann, request).await.expect(200);
    cancel(&ann, request).await.expect(200);
    let actions = app
        .database
        .rows(&format!("SELECT action FROM audit_log WHERE object_id = '{request}' ORDER BY id"))
        .await;
    assert_eq!(actions, [json!({"action": "request.change"}), json!({"action": "request.cancel"})]);
    let actor = format!(
        "SELECT count(*) FROM request_history WHERE request_id = '{request}' AND actor_id = '{}'",
        app.id_of(&ann).await
    );
    assert_eq!(app.database.value(&actor).await, 2);
}

#[tokio::test]
async fn requests_are_listed_in_pages_at_a_fixed_cost() {
    let app = App::builder().workers(0).start().await;
    let maya = app.consumer("maya");
    let owner = app.id_of(&maya).await;
    let first = app.request_row(owner).await;
    let (one, _) = app.queries_of(&maya, "/requests?limit=100").await;
    for _ in 0..24 {
        app.request_row(owner).await;
    }
    let (many, answer) = app.queries_of(&maya, "/requests?limit=100").await;
    assert_eq!((one, answer.body["items"].as_array().unwrap().len()), (many, 25));
    println!("figure: GET /requests: {many} queries at 1 and at 25 rows");
    let mut seen = Vec::new();
    let mut path = "/requests?limit=10&status=matching".to_owned();
    loop {
        let page = maya.get(&path).await.expect(200).body;
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/requests?limit=10&status=matching&cursor={cursor}");
    }
    assert_eq!((seen.len(), seen.last()), (25, Some(&first.to_string())));
    assert!(seen.iter().rev().is_sorted(), "the newest first");
    assert_eq!(maya.get("/requests?status=booked").await.expect(200).body["items"], json!([]));
}
