//! What providers say, as vectors of a model.

use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::rules::{barber, haircut, ids, post};
use crate::support::{App, Task, WAITING, eventually};

/// Has the vector of a provider made; the result.
async fn embed(app: &App, provider: Uuid) -> Value {
    let task = Uuid::now_v7();
    app.database
        .execute(&format!(
            "INSERT INTO tasks (id, kind, user_id, trace_id, pushed_at)
             SELECT '{task}', 'embedding', user_id, 'trace', now() - interval '1 minute' FROM providers WHERE id = '{provider}'"
        ))
        .await;
    let ended = format!("SELECT count(*) FROM tasks WHERE id = '{task}' AND status <> 'processing'");
    eventually("the vector is made", async || app.database.value(&ended).await == 1).await;
    app.database.value(&format!("SELECT result FROM tasks WHERE id = '{task}'")).await
}

fn outcome(embedded: bool) -> Value {
    json!({"kind": "embedding", "embedded": embedded})
}

#[tokio::test]
async fn a_vector_is_made_when_the_text_is_another() {
    let app = App::builder().embedding_model().start().await;
    let one = barber(&app, "").await;
    assert_eq!(embed(&app, one).await, outcome(true));
    assert_eq!(embed(&app, one).await, outcome(false), "the text is as before");
    let before = app
        .database
        .rows("SELECT model, text_hash::text, vector[1:20] AS vector FROM provider_embeddings")
        .await;
    assert_eq!((before.len(), &before[0]["model"]), (1, &json!("offline-embedding")));
    app.database.execute("UPDATE provider_services SET specializations = '{balayage}'").await;
    assert_eq!(embed(&app, one).await, outcome(true));
    let after = app.database.rows("SELECT text_hash::text FROM provider_embeddings").await;
    assert_ne!(after[0]["text_hash"], before[0]["text_hash"]);
}

#[tokio::test]
async fn what_is_not_said_any_more_becomes_no_vector() {
    let app = App::builder().embedding_model().start().await;
    let one = barber(&app, "").await;
    let held = app.database.hold("BEGIN; SELECT FROM providers FOR UPDATE").await;
    let changed = async {
        eventually("the vector is there", async || app.database.value(WAITING).await == 1).await;
        held.finish("UPDATE providers SET bio = 'Something else'; COMMIT").await;
    };
    let (embedded, ()) = tokio::join!(embed(&app, one), changed);
    assert_eq!(embedded, outcome(false));
    assert_eq!(app.database.value("SELECT count(*) FROM provider_embeddings").await, 0);
}

#[tokio::test]
async fn without_a_model_nothing_is_made_and_nothing_fails() {
    let app = App::start().await;
    let one = barber(&app, "").await;
    assert_eq!(embed(&app, one).await, outcome(false));
    assert_eq!(app.database.value("SELECT count(*) FROM provider_embeddings").await, 0);
}

#[tokio::test]
async fn who_is_near_by_vector_is_better() {
    let app = App::builder().embedding_model().start().await;
    let bio = |text: &str| {
        format!(
            "UPDATE providers SET bio = '{text}' WHERE id = $1; UPDATE provider_services SET specializations = '{{}}' WHERE provider_id = $1"
        )
    };
    let near = barber(&app, &bio("Zoomorphic topiary and botanical sculpture")).await;
    let other = barber(&app, &bio("Vintage bicycles and their owners")).await;
    for one in [near, other] {
        assert_eq!(embed(&app, one).await, outcome(true));
    }
    let body = haircut(json!({"description": "zoomorphic topiaries, botanical sculptures"}));
    let (_, result) = post(&app.consumer("maya"), body).await;
    assert_eq!(ids(&result), [near, other]);
    let fit = |at: usize| result["matches"][at]["factors"][0]["value"].as_f64().unwrap();
    assert!(fit(0) > fit(1) + 0.1, "{result}");
}

#[tokio::test]
async fn a_model_that_is_down_keeps_nobody_from_being_matched() {
    let app = App::builder().embedding_model().start().await;
    let one = barber(&app, "").await;
    app.model.next(proxie_offline_llm::Fault::status(500));
    let (_, result) = post(&app.consumer("maya"), haircut(json!({}))).await;
    assert_eq!(ids(&result), [one]);
}

#[tokio::test]
async fn a_provider_who_has_changed_wakes_requests_that_nobody_fits() {
    let app = App::start().await;
    let maya = app.user("maya", Role::Consumer);
    let (request, result) = post(&maya, haircut(json!({}))).await;
    assert_eq!(ids(&result), [] as [Uuid; 0]);
    let other = maya.post("/requests", haircut(json!({"service_id": "braiding"}))).await.expect(201).body;
    Task::new(&maya, other["task_id"].as_str().unwrap()).result().await;
    let one = barber(&app, "").await;
    embed(&app, one).await;
    let due = "SELECT id FROM requests WHERE next_match_at <= now()";
    assert_eq!(app.database.rows(due).await, [json!({"id": request})]);
}

#[tokio::test]
async fn who_goes_on_working_wakes_requests_in_reach() {
    let app = App::start().await;
    let maya = app.user("maya", Role::Consumer);
    let (near, _) = post(&maya, haircut(json!({}))).await;
    let spot = json!({"location": {"latitude": 34.05, "longitude": -118.24}, "city": "Los Angeles"});
    let (far, _) = post(&maya, haircut(spot)).await;
    let user = app.user_row(Role::Provider).await;
    let provider = app.provider_row(user).await;
    let owner = app.user(&user.to_string(), Role::Provider);
    let status = format!("/providers/{provider}/status");
    let settings = format!("/providers/{provider}/settings");
    let due = "SELECT id FROM requests WHERE next_match_at <= now()";
    let quiet = "UPDATE requests SET next_match_at = now() + interval '1 hour'";
    owner.put(&status, json!({"status": "paused"})).await.expect(200);
    assert_eq!(app.database.rows(due).await, [] as [Value; 0], "{far}");
    owner.put(&status, json!({"status": "active"})).await.expect(200);
    assert_eq!(app.database.rows(due).await, [json!({"id": near})]);
    app.database.execute(quiet).await;
    let body = json!({"auto_offer": false, "min_price_cents": null, "radius_km": 12.0});
    owner.put(&settings, body).await.expect(200);
    assert_eq!(app.database.rows(due).await, [json!({"id": near})]);
}
