//! Models that refuse, hang, break off or talk nonsense.

use std::time::{Duration, Instant};

use proxie_offline_llm::{Fault, Kind};
use serde_json::{Value, json};

use crate::support::{App, HAIRCUT, Task, assert_problem};

/// Every attempt fails: the task fails with a code and a sentence, the message is kept and works once the model is well.
async fn fails_and_can_be_repeated(fault: Fault, code: &str) {
    let app = app(3).await;
    let guest = app.guest().await;
    app.model.always(Some(fault));
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.failure().await, code);
    let done = task.done().await;
    assert_eq!(
        (&done["attempts"], &done["stage"]),
        (&json!(3), &json!("done")),
        "tried as often as is allowed"
    );
    let said = guest.transcript(&task.session).await;
    assert_eq!(said, [("user".to_owned(), HAIRCUT.to_owned())], "the message is kept, no half answer is");

    app.model.clear();
    let retry = Task::accepted(&guest, &task.retry().await);
    assert_eq!(retry.result().await["draft"]["fields"]["service_id"], "haircut");
}

/// One attempt fails: the next one completes.
async fn survives_once(fault: Fault) -> Value {
    let app = app(3).await;
    let guest = app.guest().await;
    app.model.next(fault);
    let done = guest.say(HAIRCUT).await.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)), "{done}");
    assert_eq!(done["result"]["draft"]["fields"]["city"], "Brooklyn", "{done}");
    done
}

async fn app(max_claims: i32) -> App {
    let limits = App::builder().tasks(|tasks| tasks.max_claims = max_claims);
    limits.model_timeout(Duration::from_secs(2)).start().await
}

#[tokio::test]
async fn a_refusal() {
    for status in [500, 503, 408, 409] {
        survives_once(Fault::status(status)).await;
    }
    fails_and_can_be_repeated(Fault::status(500), "model_unavailable").await;
}

#[tokio::test]
async fn too_many_requests_is_tried_again_when_the_model_says() {
    let began = Instant::now();
    survives_once(Fault { retry_after: Some(2), ..Fault::status(429) }).await;
    assert!(began.elapsed() >= Duration::from_secs(2), "after {:?}", began.elapsed());
    fails_and_can_be_repeated(Fault { retry_after: Some(0), ..Fault::status(429) }, "model_unavailable")
        .await;
}

#[tokio::test]
async fn no_answer() {
    survives_once(Fault::kind(Kind::Hang)).await;
    fails_and_can_be_repeated(Fault::kind(Kind::Hang), "model_timeout").await;
}

#[tokio::test]
async fn an_answer_that_drips_in_too_slowly() {
    fails_and_can_be_repeated(Fault { chunk_ms: Some(1_500), ..Fault::default() }, "model_timeout").await;
}

#[tokio::test]
async fn an_answer_that_breaks_off() {
    survives_once(Fault::kind(Kind::Cut)).await;
    fails_and_can_be_repeated(Fault::kind(Kind::Cut), "model_unavailable").await;
}

#[tokio::test]
async fn an_answer_that_is_no_json() {
    survives_once(Fault::kind(Kind::MalformedJson)).await;
    fails_and_can_be_repeated(Fault::kind(Kind::MalformedJson), "model_malformed").await;
}

#[tokio::test]
async fn an_answer_that_says_nothing() {
    for kind in [Kind::Empty, Kind::NoChoices] {
        survives_once(Fault::kind(kind)).await;
        fails_and_can_be_repeated(Fault::kind(kind), "model_malformed").await;
    }
}

#[tokio::test]
async fn arguments_that_are_no_json_are_said_to_the_model() {
    let app = app(3).await;
    let guest = app.guest().await;
    app.model.next(Fault::kind(Kind::MalformedArguments));
    let task = guest.say(HAIRCUT).await;
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(1)), "{done}");
    let outputs =
        format!("SELECT output FROM task_steps WHERE task_id = '{}' AND kind = 'tool' ORDER BY no", task.id);
    let first = app.database.value(&outputs).await;
    assert_eq!(first["result"]["error"]["code"], "bad_arguments", "{first}");
}

#[tokio::test]
async fn a_model_that_never_gets_its_arguments_right_is_bounded() {
    let app = app(3).await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::MalformedArguments)));
    let task = guest.say(HAIRCUT).await;
    task.done().await;
    let answers = app.steps(&task.id).await.iter().filter(|step| step["kind"] == "llm").count();
    assert!(answers <= 8, "at most 8 answers for one message, not {answers}");
    assert!(app.model.counters().received <= 8 * 3, "{:?}", app.model.counters());
    assert_eq!(app.database.value("SELECT count(*) FROM drafts").await, 0, "nothing was taken from nonsense");
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_as_a_whole() {
    let app = App::builder()
        .tasks(|tasks| (tasks.max_claims, tasks.timeout) = (2, Duration::from_millis(700)))
        .start()
        .await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.failure().await, "task_timeout");
    assert_eq!(app.model.counters().in_flight, 0, "its calls were dropped");
}

#[tokio::test]
async fn what_the_model_finished_is_kept_when_a_later_call_fails() {
    let app = app(3).await;
    app.seed().await;
    let guest = app.guest().await;
    // The first answer is good, the second is not, the third is.
    app.model.set_faults(proxie_offline_llm::Faults {
        always: None,
        next: [None, Some(Fault::status(500))].into(),
    });
    let task = guest.say(HAIRCUT).await;
    assert_eq!(task.done().await["attempts"], 2);
    let steps = app.steps(&task.id).await;
    let asked = steps.iter().filter(|step| step["kind"] == "llm").count();
    assert_eq!(app.model.counters().received, asked as u64 + 1, "only the failed call was made again");
    assert_eq!(
        (&steps[0]["claim_no"], &steps[steps.len() - 1]["claim_no"]),
        (&json!(1), &json!(2)),
        "{steps:?}"
    );
}

#[tokio::test]
async fn causes_stay_inside() {
    let app = app(1).await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::status(401)));
    let task = guest.say(HAIRCUT).await;
    let done = task.done().await;
    assert_eq!(done["status"], "failed");
    let told = done["error"].to_string().to_lowercase();
    for cause in ["401", "api_key", "127.0.0.1", "a fault that was asked for", "openai", "reqwest"] {
        assert!(!told.contains(cause), "tells '{cause}': {told}");
    }
    assert_problem!(app.guest().await.get(&format!("/chat/status/{}", task.id)).await, 403, "not_yours");
}
