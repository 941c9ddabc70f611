//! What an imported provider is in the marketplace.

use chrono::{Days, Utc};
use chrono_tz::Tz;
use proxie_shared::domain::embedding::Embedder;
use proxie_shared::llm::Gateway;
use proxie_shared::model::users::Role;
use proxie_shared::queue::{Queue, Redis};
use serde_json::{Value, json};

use super::{File, good, line};
use crate::support::{App, Process, Task, eventually};

const REQUEST: &str = r#"{"service_id": "haircut", "city": "Brooklyn", "zone": "America/New_York", "description": "3B curls",
    "location": {"latitude": 40.68, "longitude": -73.94}, "specializations": ["3B curls"]}"#;

fn request() -> Value {
    serde_json::from_str(REQUEST).unwrap()
}

#[tokio::test]
async fn whoever_is_imported_is_found_matched_and_booked_like_anybody() {
    let app = App::start().await;
    File::new(good(3)).import(&app).await.assert(0, "3 read, 3 imported");
    let maya = app.user("maya", Role::Consumer);

    let found = maya.get("/providers?service_id=haircut&city=brooklyn&q=curly").await.expect(200).body;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(3), "{found}");
    let one = &found["items"][0];
    assert_eq!((&one["rating"], &one["review_count"]), (&json!(4.4), &json!(5)));
    assert_eq!(one["location"], json!({"latitude": 40.68, "longitude": -73.94}), "only about where");
    let mut services: Vec<&str> =
        one["services"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    services.sort_unstable();
    assert_eq!(services, ["braiding", "haircut"], "the licence waits");
    let id = one["id"].as_str().unwrap();

    let profile = maya.get(&format!("/providers/{id}/profile")).await.expect(200).body;
    assert_eq!(profile["contact"], Value::Null);
    let day = (Utc::now().with_timezone(&Tz::America__New_York).date_naive() + Days::new(3)).to_string();
    let slots = format!("/providers/{id}/slots?service_id=haircut&from={day}&to={day}");
    let slots = maya.get(&slots).await.expect(200).body;
    assert_eq!(slots["items"][0]["start_time"], "08:00", "{slots}");

    let said = maya.get(&format!("/reviews/provider/{id}")).await.expect(200).body;
    assert_eq!((&said["aggregate"]["average"], &said["aggregate"]["count"]), (&json!(4.4), &json!(5)));
    let dates: Vec<&str> =
        said["items"].as_array().unwrap().iter().map(|one| one["created_at"].as_str().unwrap()).collect();
    let newest_first = [5, 4, 3, 2, 1].map(|month| format!("2026-0{month}-04T16:20:00Z"));
    assert_eq!(dates, newest_first);
    assert_eq!(said["items"][4]["response"], "Thank you!");

    let posted = maya.post("/requests", request()).await.expect(201).body;
    let result = Task::new(&maya, posted["task_id"].as_str().unwrap()).result().await;
    assert_eq!(result["matches"].as_array().map(Vec::len), Some(3), "{result}");
}

#[tokio::test]
async fn who_waits_for_somebody_hears_of_whom_an_import_brings() {
    let app = App::start().await;
    let maya = app.user("maya", Role::Consumer);
    let posted = maya.post("/requests", request()).await.expect(201).body;
    let result = Task::new(&maya, posted["task_id"].as_str().unwrap()).result().await;
    assert_eq!(result["matches"], json!([]));
    let due = "SELECT id FROM requests WHERE next_match_at <= now()";
    let far = json!({"city": "Los Angeles", "location": {"latitude": 34.05, "longitude": -118.24}});
    File::new(line(1, far).to_string())
        .import(&app)
        .await
        .assert(0, "1 read, 1 imported, 0 already there, 0");
    assert_eq!(app.database.rows(due).await, [] as [Value; 0]);
    File::new(line(2, json!({})).to_string()).import(&app).await.assert(0, "1 read, 1 imported");
    assert_eq!(app.database.rows(due).await, [json!({"id": posted["id"]})]);
}

#[tokio::test]
async fn vectors_are_made_of_those_who_have_none() {
    let app = App::builder().workers(0).embedding_model().start().await;
    File::new(good(5)).import(&app).await.assert(0, "5 read, 5 imported");
    let of_another = "INSERT INTO provider_embeddings (provider_id, model, vector, text_hash)
                      SELECT id, 'another', '{1}', sha256('') FROM providers LIMIT 1";
    app.database.execute(of_another).await;
    let (db, redis) = (app.database.pool(), Redis::new(&app.redis.config()).unwrap());
    let queue = Queue::new(db.clone(), redis.clone());
    let gateway = Gateway::new(&app.worker.llm, db.clone(), redis).unwrap();
    let embedder = Embedder::new(db, gateway);
    assert_eq!(embedder.ask_for_missing(&queue, 3).await.unwrap(), 3);
    assert_eq!(embedder.ask_for_missing(&queue, 3).await.unwrap(), 2, "nobody twice");
    assert_eq!(embedder.ask_for_missing(&queue, 3).await.unwrap(), 0);
    app.start_worker();
    let all = "provider_embeddings WHERE model = 'offline-embedding'";
    eventually("all have one", async || app.count(all).await == 5).await;
    // Whoever has one is left alone, however long ago it was asked for.
    app.database.execute("UPDATE tasks SET created_at = now() - interval '2 days'").await;
    assert_eq!(embedder.ask_for_missing(&queue, 3).await.unwrap(), 0);
}

#[tokio::test]
async fn whoever_was_imported_can_be_taken_out_and_erased_and_does_not_come_back() {
    let app = App::builder().workers(0).start().await;
    let file = File::new(good(2));
    file.import(&app).await.assert(0, "2 read, 2 imported");
    let user = "SELECT user_id FROM providers WHERE external_id = 'crm-000001'";
    let user = app.database.value(user).await;
    let user = user.as_str().unwrap();
    let run = async |arguments: &[&str]| Process::output("proxie-api", arguments, app.environment()).await;
    let (code, exported) = run(&["export", user]).await;
    assert!(code == Some(0) && exported.contains(user), "{exported}");
    assert_eq!(run(&["erase", user]).await.0, Some(0));
    assert_eq!(app.count("providers WHERE name = 'Curls no. 1' OR external_id = 'crm-000001'").await, 0);
    file.import(&app).await.assert(0, "2 read, 0 imported, 2 already there, 0 refused");
    assert_eq!(app.count("providers WHERE name = 'Curls no. 1'").await, 0);
}
