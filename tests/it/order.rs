//! Messages of one conversation run in the order sent, one at a time; conversations run in parallel.

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use serde_json::json;

use crate::support::{App, HAIRCUT, Task, eventually, size};

#[tokio::test]
async fn messages_of_one_conversation_are_answered_in_order_one_at_a_time() {
    let app = App::builder().workers(4).start().await;
    let guest = app.guest().await;
    let first = guest.say("hello").await;
    first.result().await;
    app.model.always(Some(Fault::latency(20)));
    let session = &first.session;
    let amounts: Vec<String> = (1..=10).map(|n| format!("it costs at most ${n}0")).collect();
    let sent = join_all(amounts.iter().map(|amount| guest.say_in(session, amount))).await;
    join_all(sent.iter().map(Task::result)).await;

    assert_eq!(app.model.counters().max_in_flight, 1, "one at a time");
    let order = app
        .database
        .rows(&format!(
            "SELECT asked.seq AS asked, answer.turn AS turn, answer.seq AS answered, asked.task_id = answer.task_id AS same,
               t.attempts
             FROM chat_messages answer
             JOIN chat_messages asked ON asked.session_id = answer.session_id AND asked.seq = answer.turn AND asked.author = 'user'
             JOIN tasks t ON t.id = answer.task_id
             WHERE answer.author = 'assistant' AND answer.session_id = '{session}' ORDER BY answer.seq"
        ))
        .await;
    assert_eq!(order.len(), 11);
    let asked: Vec<i64> = order.iter().map(|row| row["asked"].as_i64().unwrap()).collect();
    assert!(asked.is_sorted(), "answered in the order in which they were said: {asked:?}");
    for row in &order {
        assert_eq!((&row["same"], &row["attempts"]), (&json!(true), &json!(1)), "{row}");
    }
    // Each answer knows all that was said before it: the last message's amount is the draft's.
    let last = guest.session(session).await["messages"]["items"].as_array().unwrap().clone();
    let last_said = last.iter().rfind(|message| message["role"] == "user").unwrap();
    let amount =
        last_said["text"].as_str().unwrap().rsplit('$').next().unwrap().parse::<i64>().unwrap() * 100;
    assert_eq!(last.last().unwrap()["draft"]["fields"]["budget"]["max_cents"], amount, "{last:?}");
}

#[tokio::test]
async fn conversations_are_answered_in_parallel() {
    let app = App::start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let many = size(50, 200);
    let tasks = join_all((0..many).map(|_| guest.say(HAIRCUT))).await;
    eventually("all are asked at once", async || app.model.counters().in_flight == many as u64).await;
    join_all(tasks.iter().map(Task::cancel)).await;
}

#[tokio::test]
async fn a_worker_takes_no_more_than_it_has_places_for() {
    let places = App::builder().tasks(|tasks| tasks.chat_concurrency = 3);
    let app = places.workers(2).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::latency(50)));
    let tasks = join_all((0..20).map(|_| guest.say(HAIRCUT))).await;
    join_all(tasks.iter().map(Task::result)).await;
    let most = app.model.counters().max_in_flight;
    assert!((4..=6).contains(&most), "three each, and both work: {most}");
}

#[tokio::test]
async fn background_work_and_messages_do_not_hold_each_other_up() {
    let app = App::builder().tasks(|tasks| tasks.chat_concurrency = 1).start().await;
    let maya = app.consumer("maya");
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let stuck = maya.say(HAIRCUT).await;
    maya.say(HAIRCUT).await;
    eventually("the worker's only place is taken", async || app.model.counters().in_flight == 1).await;
    let posted =
        maya.post("/requests", json!({"service_id": "haircut", "city": "Brooklyn"})).await.expect(201);
    Task::new(&maya, posted.body["task_id"].as_str().unwrap()).result().await;
    assert_eq!(stuck.status().await["stage"], "running");
}

#[tokio::test]
async fn a_message_that_is_being_retried_holds_back_those_behind_it() {
    // The pause is longer than the test: it ends when the row's time comes, which the test brings about.
    let app = App::builder()
        .tasks(|tasks| (tasks.backoff, tasks.backoff_max) = (tasks.timeout * 20, tasks.timeout * 20))
        .start()
        .await;
    let guest = app.guest().await;
    app.model.next(Fault::status(500));
    let first = guest.say(HAIRCUT).await;
    first.reaches("retrying").await;
    let second = guest.say_in(&first.session, "make it $80").await;
    // Another conversation passes the same worker meanwhile.
    guest.say("hello").await.result().await;
    let waits = second.status().await;
    assert_eq!((&waits["stage"], &waits["attempts"]), (&json!("queued"), &json!(0)));

    app.database.execute(&format!("UPDATE tasks SET run_at = now() WHERE id = '{}'", first.id)).await;
    let (first, second) = (first.done().await, second.done().await);
    assert_eq!((&first["status"], &first["attempts"]), (&json!("completed"), &json!(2)));
    assert_eq!(second["result"]["draft"]["fields"]["budget"]["max_cents"], 8_000);
    assert!(first["updated_at"].as_str() < second["updated_at"].as_str(), "{first} {second}");
}

#[tokio::test]
async fn a_failed_message_holds_nothing_back() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 1).start().await;
    let guest = app.guest().await;
    app.model.next(Fault { latency_ms: Some(300), ..Fault::status(500) });
    let first = guest.say(HAIRCUT).await;
    let second = guest.say_in(&first.session, "make it $80").await;
    first.failure().await;
    let result = second.result().await;
    assert_eq!(result["draft"]["fields"]["budget"]["max_cents"], 8_000, "{result}");
}

#[tokio::test]
async fn a_cancelled_message_holds_nothing_back() {
    let app = App::start().await;
    let guest = app.guest().await;
    app.model.next(Fault::kind(Kind::Hang));
    let first = guest.say(HAIRCUT).await;
    let second = guest.say_in(&first.session, "hello").await;
    let third = guest.say_in(&first.session, "make it $80").await;
    eventually("the first is asked", async || app.model.counters().in_flight == 1).await;
    second.cancel().await.expect(200);
    first.cancel().await.expect(200);
    third.result().await;
    assert_eq!(app.answers(&first.session).await, 1);
}
