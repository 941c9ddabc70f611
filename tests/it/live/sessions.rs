//! What is said as it is said: to who follows the conversation, which must be theirs.

use proxie_offline_llm::Fault;
use serde_json::{Value, json};
use uuid::Uuid;

use super::seq;
use crate::support::{App, HAIRCUT, LiveClient, Process};

/// What deltas add up to.
fn text_of(events: &[Value]) -> String {
    let mut text = String::new();
    for event in events.iter().filter(|event| event["type"] == "chat:delta") {
        let from = event["data"]["from"].as_u64().expect("where it begins") as usize;
        let kept: String = text.chars().take(from).collect();
        text = kept + event["data"]["text"].as_str().expect("its text");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_told_as_it_is_said_to_who_follows_the_conversation() {
    let app = App::builder().realtime(2).start().await;
    let guest = app.guest().await;
    let first = guest.say("Hello").await;
    first.result().await;
    let mut follows = LiveClient::connected(&app.live[0], &guest).await;
    let mut does_not = LiveClient::connected(&app.live[1], &guest).await;
    let joined = follows.asks("session:join", json!({"session_id": first.session})).await;
    assert_eq!(joined["session_id"], first.session.as_str(), "{joined}");

    app.model.always(Some(Fault { chunk_ms: Some(40), ..Fault::default() }));
    let second = guest.say_in(&first.session, HAIRCUT).await;
    let result = second.result().await;
    let ended = |event: &Value| {
        event["data"]["status"] == "completed" && event["data"]["task_id"] == second.id.as_str()
    };
    let heard = follows.until("task:update", ended).await;
    let deltas: Vec<&Value> = heard.iter().filter(|event| event["type"] == "chat:delta").collect();
    assert!(deltas.len() > 1, "more than one breath: {heard:?}");
    assert!(deltas.iter().all(|event| event["data"]["task_id"] == second.id.as_str()));
    let said = text_of(&heard);
    assert!(
        result["message"].as_str().unwrap().starts_with(&said) && !said.is_empty(),
        "{said:?} of {result}"
    );

    let quiet = does_not.until("task:update", ended).await;
    assert!(quiet.iter().all(|event| event["type"] != "chat:delta"), "{quiet:?}");

    // Whoever comes later is told what was said, and not the rest a second time.
    let before = heard.iter().map(seq).min().unwrap() - 1;
    let joined = does_not.asks("session:join", json!({"session_id": first.session, "after": before})).await;
    assert_eq!(joined["session_id"], first.session.as_str(), "{joined}");
    let late = does_not.until("chat:delta", |event| seq(event) == seq(deltas.last().unwrap())).await;
    let late: Vec<&Value> = late.iter().filter(|event| event["type"] == "chat:delta").collect();
    assert_eq!(late, deltas);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_follows_anothers_conversation() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let (maya, ann) = (app.guest().await, app.guest().await);
    let task = maya.say(HAIRCUT).await;
    let mut client = LiveClient::connected(&app.live[0], &ann).await;
    for session in [task.session.clone(), Uuid::now_v7().to_string()] {
        let refused = client.asks("session:join", json!({"session_id": session, "after": 0})).await;
        assert_eq!(refused["error"]["code"], "not_yours", "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_worker_dies_what_it_said_is_taken_back() {
    let app = App::builder().workers(0).realtime(1).start().await;
    let guest = app.guest().await;
    let mut client = LiveClient::connected(&app.live[0], &guest).await;
    let worker = Process::worker(&app);
    app.model.always(Some(Fault { chunk_ms: Some(200), ..Fault::default() }));
    let task = guest.say(HAIRCUT).await;
    client.asks("session:join", json!({"session_id": task.session, "after": 0})).await;
    client.until("chat:delta", |_| true).await;
    worker.kill().await;
    let _other = Process::worker(&app);
    let result = task.result().await;
    let heard = client.until("task:update", |event| event["data"]["status"] == "completed").await;
    let said = text_of(&heard);
    assert!(result["message"].as_str().unwrap().starts_with(&said), "{said:?} of {result}");
    let first = heard.iter().find(|event| event["type"] == "chat:delta");
    assert!(first.is_none_or(|event| event["data"]["from"] == 0), "the other begins anew: {first:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_conversation_that_was_deleted_nothing_stays() {
    let app = App::builder().realtime(1).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault { chunk_ms: Some(40), ..Fault::default() }));
    let task = guest.say(HAIRCUT).await;
    task.result().await;
    let told = "SELECT count(*) FROM live_events WHERE kind = 'chat:delta' AND data ? 'text'";
    assert!(app.database.value(told).await.as_i64().unwrap() > 0);
    guest.delete(&format!("/chat/sessions/{}", task.session)).await.expect(204);
    assert_eq!(app.database.value(told).await, 0);
    // The numbers stay, so nobody takes it for lost.
    let mut client = LiveClient::resumed(&app.live[0], &guest, 0).await;
    let heard = client.until("message:new", |_| true).await;
    assert_eq!(seq(&heard[0]), 1);
}
