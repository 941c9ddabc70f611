//! Messages and their tasks: said, answered, waited for, cancelled, tried again.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use serde_json::{Value, json};

use crate::support::{App, Caller, HAIRCUT, Task, assert_problem, eventually, size};

#[tokio::test]
async fn a_message_comes_back_with_the_fields_that_the_contract_names() {
    let app = App::start().await;
    app.seed().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    let done = task.done().await;

    let fields = [
        "task_id",
        "kind",
        "status",
        "stage",
        "step",
        "queue_position",
        "session_id",
        "retry_of",
        "attempts",
        "created_at",
        "updated_at",
        "result",
        "error",
        "effects",
    ];
    let told: HashSet<&str> = done.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(told, HashSet::from(fields));
    assert_eq!(done["task_id"], task.id.as_str());
    assert_eq!(
        (&done["kind"], &done["status"], &done["stage"]),
        (&json!("chat"), &json!("completed"), &json!("done"))
    );
    assert_eq!(
        (&done["attempts"], &done["retry_of"], &done["queue_position"]),
        (&json!(1), &Value::Null, &Value::Null)
    );
    assert_eq!((&done["error"], &done["effects"]), (&Value::Null, &json!([])));
    assert_eq!(done["session_id"], task.session.as_str());

    let result = &done["result"];
    for field in
        ["kind", "session_id", "message", "data", "draft", "awaiting_approval", "ui", "buttons", "usage"]
    {
        assert!(result.get(field).is_some(), "no {field}: {result}");
    }
    let draft = &result["draft"];
    assert_eq!(
        (&draft["kind"], &draft["missing"], &draft["version"]),
        (&json!("request"), &json!([]), &json!(1))
    );
    assert_eq!(draft["fields"], result["data"]["gathered"]);
    let usage = &result["usage"];
    assert!(
        usage["prompt_tokens"].as_i64() > Some(0) && usage["completion_tokens"].as_i64() > Some(0),
        "{usage}"
    );
    assert_eq!(usage["model"], "offline");

    let found = result["data"]["providers"].as_array().unwrap_or_else(|| panic!("nobody found: {result}"));
    assert!(!found.is_empty(), "{result}");
    let text = result["message"].as_str().unwrap();
    assert!(text.contains("Brooklyn") && text.contains("$60"), "an answer to that message: {text}");
    assert!(!text.contains(['<', '>']) && !text.contains("!["), "Markdown without HTML or images: {text}");
}

#[tokio::test]
async fn a_conversation_gathers_what_each_message_adds() {
    let app = App::start().await;
    app.seed().await;
    let guest = app.guest().await;
    let first = guest.say("my kitchen sink is leaking").await;
    let session = first.session.clone();
    let result = first.result().await;
    assert_eq!(result["draft"]["missing"], json!(["city"]), "{result}");
    assert_eq!(result["awaiting_approval"], false);

    let result = guest.say_in(&session, "I'm in Austin").await.result().await;
    assert_eq!(result["draft"]["fields"]["city"], "Austin", "{result}");
    assert_eq!(result["draft"]["fields"]["zone"], "America/Chicago", "{result}");
    assert_eq!(result["draft"]["missing"], json!([]));
    let service = result["draft"]["fields"]["service_id"].clone();

    let result = guest.say_in(&session, "up to 200 dollars").await.result().await;
    let fields = &result["draft"]["fields"];
    assert_eq!(fields["budget"], json!({"min_cents": null, "max_cents": 20_000, "currency": "USD"}));
    assert_eq!(
        (&fields["service_id"], &fields["city"]),
        (&service, &json!("Austin")),
        "what was known stays"
    );
    assert!(result["draft"]["version"].as_i64() > Some(1), "a changed draft is another version: {result}");

    let result = guest.say_in(&session, "actually it is in Dallas, not Austin").await.result().await;
    assert_eq!(result["draft"]["fields"]["city"], "Dallas", "a correction replaces: {result}");
}

#[tokio::test]
async fn a_first_message_without_a_token_makes_a_guest() {
    let app = App::start().await;
    let answer = app.anybody().post("/chat", json!({"message": HAIRCUT})).await.expect(202);
    assert_eq!(answer.body["status"], "processing");
    let task = Task::accepted(&app.anybody(), &answer);
    let guest = task.caller();
    assert!(guest.token.is_some(), "{answer:?}");
    task.result().await;

    let again =
        guest.post("/chat", json!({"message": "and braids", "session_id": task.session})).await.expect(202);
    assert!(again.body.get("guest_token").is_none(), "a token of today is not renewed: {again:?}");
    Task::accepted(guest, &again).result().await;
    let users = app.database.value("SELECT count(*) FROM users").await;
    assert_eq!(users, 1, "the same guest");
}

#[tokio::test]
async fn a_consumers_draft_awaits_approval_and_a_guests_sign_up() {
    let app = App::start().await;
    for (caller, awaits, ui) in [
        (app.consumer("maya"), json!(true), Value::Null),
        (app.guest().await, json!(false), json!("sign_up")),
    ] {
        let task = caller.say(HAIRCUT).await;
        let result = task.result().await;
        assert_eq!((&result["awaiting_approval"], &result["ui"]), (&awaits, &ui), "{result}");
    }
}

#[tokio::test]
async fn the_same_client_message_id_is_the_same_task_however_many_send_it() {
    let app = App::start().await;
    let guest = app.guest().await;
    let session = guest.say("hello").await.session;
    let body = json!({"message": HAIRCUT, "session_id": session, "client_message_id": "m-1"});
    let answers = join_all((0..50).map(|_| guest.post("/chat", body.clone()))).await;
    let tasks: HashSet<String> = answers.iter().map(|answer| Task::accepted(&guest, answer).id).collect();
    assert_eq!(tasks.len(), 1);
    let task = Task::new(&guest, tasks.iter().next().unwrap());
    assert_eq!(task.done().await["attempts"], 1);
    let said = guest.transcript(&session).await;
    assert_eq!(said.iter().filter(|(who, _)| who == "user").count(), 2, "{said:?}");

    let other = guest.post("/chat", json!({"message": HAIRCUT, "client_message_id": "m-1"})).await;
    assert!(
        !tasks.contains(&Task::accepted(&guest, &other).id),
        "in another conversation it is another message"
    );
}

#[tokio::test]
async fn a_long_poll_answers_at_the_end_of_the_task() {
    let app = App::start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = guest.say(HAIRCUT).await;
    task.reaches("running").await;
    let path = format!("/chat/status/{}?wait=30", task.id);
    let polls = join_all((0..size(50, 500)).map(|_| guest.get(&path)));
    let cancelled = async {
        eventually("the polls wait", async || app.model.counters().in_flight == 1).await;
        task.cancel().await.expect(200);
        Instant::now()
    };
    let (polls, cancelled) = futures::join!(polls, cancelled);
    assert!(cancelled.elapsed() < Duration::from_secs(5), "woken {:?} after the end", cancelled.elapsed());
    for poll in polls {
        assert_eq!(poll.expect(200).body["status"], "cancelled");
    }
}

#[tokio::test]
async fn a_long_poll_answers_when_its_time_is_up() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    let began = Instant::now();
    let answer = guest.get(&format!("/chat/status/{}?wait=1", task.id)).await.expect(200);
    assert!((1.0..10.0).contains(&began.elapsed().as_secs_f64()), "{:?}", began.elapsed());
    assert_eq!((&answer.body["status"], &answer.body["stage"]), (&json!("processing"), &json!("queued")));
}

#[tokio::test]
async fn who_waits_is_told_how_many_wait_before() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let mut tasks = Vec::new();
    for _ in 0..3 {
        tasks.push(guest.say(HAIRCUT).await);
    }
    let mut positions = Vec::new();
    for task in &tasks {
        positions.push(task.status().await["queue_position"].clone());
    }
    assert_eq!(positions, [json!(0), json!(1), json!(2)]);
}

#[tokio::test]
async fn a_waiting_task_is_cancelled_and_never_runs() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    let told = task.cancel().await.expect(200).body;
    assert_eq!((&told["status"], &told["stage"]), (&json!("cancelled"), &json!("done")));
    app.start_worker();
    guest.say("hello").await.result().await;
    assert_eq!(task.status().await["attempts"], 0);
    assert_eq!(app.answers(&task.session).await, 0);
}

#[tokio::test]
async fn cancelling_drops_the_models_call_within_a_second() {
    let app = App::start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = guest.say(HAIRCUT).await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let told = task.cancel().await.expect(200).body;
    let cancelled = Instant::now();
    assert_eq!(told["status"], "cancelled");
    eventually("the call is dropped", async || app.model.counters().dropped == 1).await;
    assert!(cancelled.elapsed() < Duration::from_secs(1), "{:?}", cancelled.elapsed());

    let again = task.cancel().await.expect(200).body;
    assert_eq!(
        (&again["status"], &again["updated_at"]),
        (&told["status"], &told["updated_at"]),
        "idempotent"
    );
    app.model.clear();
    guest.say_in(&task.session, "hello").await.result().await;
    assert_eq!(app.answers(&task.session).await, 1, "the cancelled one holds nothing back and says nothing");
}

#[tokio::test]
async fn cancelling_what_has_ended_changes_nothing() {
    let app = App::start().await;
    let task = app.guest().await.say(HAIRCUT).await;
    let done = task.done().await;
    let told = task.cancel().await.expect(200).body;
    assert_eq!(told, done);
}

/// Retries a task twice at once and once more: all are the same new task.
async fn retry_is_one_task(caller: &Caller, task: &Task) -> Task {
    let (first, second) = futures::join!(task.retry(), task.retry());
    let retry = Task::accepted(caller, &first);
    assert_eq!(retry.id, Task::accepted(caller, &second).id);
    assert_eq!(retry.id, Task::accepted(caller, &task.retry().await).id);
    assert_ne!(retry.id, task.id);
    assert_eq!(retry.session, task.session);
    assert_eq!(retry.status().await["retry_of"], task.id.as_str());
    retry
}

#[tokio::test]
async fn a_failed_message_is_kept_and_can_be_tried_again() {
    let app = App::builder().tasks(|tasks| tasks.max_claims = 2).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::status(500)));
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.failure().await, "model_unavailable");
    assert_eq!(
        guest.transcript(&task.session).await,
        [("user".to_owned(), HAIRCUT.to_owned())],
        "the kept message"
    );

    app.model.clear();
    let retry = retry_is_one_task(&guest, &task).await;
    assert_eq!(retry.result().await["draft"]["fields"]["city"], "Brooklyn");
    assert_eq!(task.status().await["status"], "failed", "the old one stays as it ended");
    let said = guest.transcript(&task.session).await;
    assert_eq!(said.len(), 2, "said once, answered once: {said:?}");
}

#[tokio::test]
async fn a_cancelled_message_can_be_tried_again() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    task.cancel().await.expect(200);
    let retry = retry_is_one_task(&guest, &task).await;
    app.start_worker();
    retry.result().await;
    assert_eq!(task.status().await["status"], "cancelled");
}

#[tokio::test]
async fn what_runs_or_has_completed_is_not_tried_again() {
    let app = App::builder().workers(0).start().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    assert_problem!(task.retry().await, 409, "illegal_move");
    app.start_worker();
    task.result().await;
    assert_problem!(task.retry().await, 409, "illegal_move");
    assert_eq!(app.database.value("SELECT count(*) FROM tasks").await, 1);
}

#[tokio::test]
async fn who_has_a_profile_has_enrolled() {
    let app = App::builder().workers(0).start().await;
    app.seed().await;
    let maya = app.consumer("maya");
    let body = json!({"message": "I would like to offer my services", "role": "enrollment"});
    maya.post("/chat", body.clone()).await.expect(202);
    let hers = "UPDATE providers SET user_id = (SELECT id FROM users WHERE subject = 'maya')
                WHERE id = (SELECT id FROM providers LIMIT 1)";
    app.database.execute(hers).await;
    assert_problem!(maya.post("/chat", body).await, 403, "wrong_role");
}
