//! Workers that are told to stop, and tasks that panic.

use std::time::{Duration, Instant};

use proxie_offline_llm::{Fault, Kind};
use serde_json::json;

use crate::support::{App, HAIRCUT, Process, eventually};

/// So long that nothing here can be the end of a lease.
const LEASE: Duration = Duration::from_secs(40);

/// The product without workers; they let tasks finish for so long when they are told to stop.
async fn app_with(shutdown: Duration) -> App {
    let limits = App::builder().tasks(|tasks| (tasks.lease, tasks.shutdown) = (LEASE, shutdown));
    limits.workers(0).start().await
}

#[tokio::test]
async fn a_worker_told_to_stop_finishes_what_is_nearly_done() {
    let app = app_with(Duration::from_secs(20)).await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::latency(200)));
    let worker = Process::worker(&app);
    let task = guest.say("hello").await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    worker.signal("TERM");
    let late = guest.say("hello").await;
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(1)));
    assert_eq!(worker.ends().await, Some(0));
    assert_eq!(late.status().await["stage"], "queued", "nothing new is pulled");
}

#[tokio::test]
async fn a_worker_told_to_stop_hands_back_what_takes_too_long() {
    let app = app_with(Duration::from_secs(1)).await;
    let guest = app.guest().await;
    app.model.next(Fault::kind(Kind::Hang));
    let worker = Process::worker(&app);
    let task = guest.say(HAIRCUT).await;
    eventually("the model is asked", async || app.model.counters().in_flight == 1).await;
    let _other = Process::worker(&app);
    worker.signal("TERM");
    let told = Instant::now();
    assert_eq!(worker.ends().await, Some(0));
    let done = task.done().await;
    assert_eq!(
        (&done["status"], &done["attempts"]),
        (&json!("completed"), &json!(1)),
        "not its own fault: {done}"
    );
    assert!(told.elapsed() < LEASE / 2, "at once, not when the lease ends: {:?}", told.elapsed());
}

#[tokio::test]
async fn a_panic_fails_one_attempt_of_one_task() {
    let app = App::builder()
        .workers(0)
        .tasks(|tasks| (tasks.backoff, tasks.backoff_max) = (tasks.timeout * 20, tasks.timeout * 20))
        .start()
        .await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    // A step with the last number there is: counting on from it overflows, which panics where tests are built.
    let call = json!({"text": null, "model": "m", "prompt_tokens": 1, "completion_tokens": 1,
        "calls": [{"id": "1", "name": "update_request_draft", "arguments": "{}"}]});
    app.database
        .execute(&format!(
            "INSERT INTO task_steps (task_id, no, kind, name, output, claim_no) VALUES ('{}', {}, 'llm', 'm', '{call}', 1)",
            task.id,
            i32::MAX
        ))
        .await;
    let worker = Process::worker(&app);
    worker.logs(&["a task panicked"]).await;
    task.reaches("retrying").await;
    assert_eq!(guest.say("hello").await.done().await["attempts"], 1, "others do not notice");

    let mend = format!(
        "DELETE FROM task_steps WHERE task_id = '{0}'; UPDATE tasks SET run_at = now() WHERE id = '{0}'",
        task.id
    );
    app.database.execute(&mend).await;
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)), "{done}");
}
