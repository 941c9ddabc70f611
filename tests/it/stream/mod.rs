//! Tasks followed while they run: `GET /chat/stream/{task_id}`.

mod broken;
mod cancelled;
mod crowd;
mod cut;
pub mod follow;
mod markup;
mod resumed;
mod who;

use proxie_offline_llm::{Fault, Kind};
use proxie_shared::config::{LlmConfig, ProviderConfig, Secret};
use serde_json::json;

use self::follow::{Follow, assert_completed, assert_whole};
use crate::support::{App, HAIRCUT, Task, eventually};

/// A model whose words come one by one.
fn slowly(millis: u64) -> Fault {
    Fault { chunk_ms: Some(millis), ..Fault::default() }
}

/// With a provider at this address beside the app's own.
fn second(url: &str) -> impl FnOnce(&mut LlmConfig) {
    let provider = ProviderConfig::new("second", url, Secret::new("none"), "offline");
    move |llm| llm.providers.push(provider)
}

#[tokio::test]
async fn an_answer_is_told_as_it_comes() {
    let app = App::start().await;
    app.seed().await;
    app.model.always(Some(slowly(15)));
    let task = app.guest().await.say(HAIRCUT).await;
    let frames = Follow::of(&task).await.rest().await;
    assert_whole(&frames, 1);
    assert_completed(&frames);
    assert_eq!((frames[0].name.as_str(), &frames[0].data["stage"]), ("stage", &json!("running")));
    let deltas = frames.iter().filter(|frame| frame.name == "delta").count();
    assert!(deltas >= 3, "in pieces: {frames:#?}");
    assert!(frames.iter().all(|frame| frame.name != "reset"), "nothing was void: {frames:#?}");

    let steps = app.steps(&task.id).await;
    let acted = steps.iter().filter(|step| step["kind"] == "tool").map(|step| &step["name"]);
    let acted: Vec<_> = acted.flat_map(|name| [(name, "started"), (name, "finished")]).collect();
    let told: Vec<_> = frames
        .iter()
        .filter(|frame| frame.name == "tool")
        .map(|frame| (&frame.data["name"], frame.data["state"].as_str().unwrap()))
        .collect();
    assert!(!told.is_empty(), "{frames:#?}");
    assert_eq!(told, acted);
    assert_eq!(frames[frames.len() - 1].data, task.status().await, "the end tells the task as it is");
}

#[tokio::test]
async fn who_follows_from_the_beginning_sees_it_wait() {
    let app = App::builder().workers(0).start().await;
    let task = app.guest().await.say("hello").await;
    let mut follow = Follow::of(&task).await;
    app.start_worker();
    let frames = follow.rest().await;
    assert_whole(&frames, 1);
    assert_completed(&frames);
}

#[tokio::test]
async fn of_a_task_that_nobody_tells_of_the_end_is_told() {
    let app = App::start().await;
    app.seed().await;
    let posted = app
        .consumer("maya")
        .post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"}))
        .await
        .expect(201);
    let matching = Task::new(&app.consumer("maya"), posted.body["task_id"].as_str().unwrap());
    let frames = Follow::of(&matching).await.rest().await;
    assert_eq!(frames.len(), 1, "{frames:#?}");
    assert_eq!((frames[0].no, frames[0].name.as_str()), (1, "completed"));
    assert_eq!(frames[0].data["result"]["kind"], "matching");
}

#[tokio::test]
async fn what_failed_leaves_no_text() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 2).start().await;
    app.model.always(Some(Fault { fault: Some(Kind::Cut), ..slowly(30) }));
    let task = app.guest().await.say("hello").await;
    let frames = Follow::of(&task).await.rest().await;
    assert_whole(&frames, 1);
    let last = &frames[frames.len() - 1];
    assert_eq!((last.name.as_str(), &last.data["error"]["code"]), ("failed", &json!("model_unavailable")));
    assert!(frames.iter().any(|frame| frame.name == "delta"), "half an answer was told: {frames:#?}");
    assert_eq!(follow::text(&frames), "", "{frames:#?}");
    let stages: Vec<_> =
        frames.iter().filter(|frame| frame.name == "stage").map(|frame| &frame.data).collect();
    let stage = |stage: &str, attempts: i32| json!({"stage": stage, "attempts": attempts});
    assert_eq!(stages, [&stage("running", 1), &stage("retrying", 1), &stage("running", 2)]);
}

#[tokio::test]
async fn head_tells_the_head() {
    let app = App::builder().workers(0).start().await;
    let task = app.guest().await.say("hello").await;
    let caller = task.caller();
    let answer = caller
        .send(caller.call(reqwest::Method::HEAD, &format!("/chat/stream/{}", task.id)))
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert!(answer.text.is_empty());
}

#[tokio::test]
async fn a_conversation_that_is_deleted_ends_its_streams() {
    let app = App::start().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let guest = app.guest().await;
    let task = guest.say("hello").await;
    let mut follow = Follow::of(&task).await;
    follow.until(|frame| frame.name == "stage").await;
    guest.delete(&format!("/chat/sessions/{}", task.session)).await.expect(204);
    let rest = follow.rest().await;
    assert!(rest.is_empty(), "{rest:#?}");
    eventually("nothing of it is kept", async || {
        let keys: Vec<String> = app.redis.command(&["KEYS", &app.redis.key("events:*")]).await;
        assert_eq!(keys.len(), 1, "{keys:?}");
        app.redis.command::<i64>(&["XLEN", &keys[0]]).await == 1
    })
    .await;
}
