//! Workers that freeze for longer than their lease, and thaw.

use futures::future::join_all;
use proxie_offline_llm::Fault;
use serde_json::{Value, json};

use super::{Moment, app, completes, moments, steps_of_the_example};
use crate::support::{HAIRCUT, Process, size};

/// Freezes the worker at a moment, until another has done its work.
async fn freezes_at(moment: Moment, steps: &[Value]) {
    let app = app().await;
    let guest = app.guest().await;
    // The answer arrives while the worker is frozen: it reads it late.
    let stall = moment.arrange(&app, Fault::latency(500)).await;
    let frozen = Process::worker(&app);
    frozen.logs(&["this worker leads the relay"]).await;
    let task = guest.say(HAIRCUT).await;
    moment.reached(&app, stall.as_ref()).await;
    frozen.signal("STOP");
    if let Some(stall) = stall {
        stall.release();
    }
    let _other = Process::worker(&app);
    completes(&app, &task, moment).await;
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)), "{moment:?}: {done}");
    let (rows, said) = (app.steps(&task.id).await, guest.transcript(&task.session).await);
    frozen.signal("CONT");
    frozen.logs(&["fenced", "dropped: cancelled, or in another hand"]).await;

    assert_eq!(task.status().await, done, "the late write is refused");
    assert_eq!(app.steps(&task.id).await, rows);
    assert_eq!(guest.transcript(&task.session).await, said);
    assert_eq!((rows.len(), said.len()), (steps.len(), 2), "each step once, one answer");
    // The one that was frozen is as good as new.
    let again = guest.say_in(&task.session, "make it $80").await;
    assert_eq!(again.done().await["status"], "completed");
}

#[tokio::test]
async fn the_late_writes_of_a_frozen_worker_are_refused() {
    let steps = steps_of_the_example().await;
    let all = moments(&steps);
    for _ in 0..size(1, 5) {
        join_all(all.iter().map(|moment| freezes_at(*moment, &steps))).await;
    }
    println!(
        "figure: SIGSTOP longer than the lease at {} moments, {} times: one answer each",
        all.len(),
        all.len() * size(1, 5)
    );
}
