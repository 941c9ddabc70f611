//! Workers that freeze for longer than their lease, and thaw.

use futures::future::join_all;
use proxie_offline_llm::Fault;
use proxie_shared::db::tasks::{self, Claimed, Ended, Outcome, Pause, Reply};
use proxie_shared::error::Code;
use proxie_shared::model::{MessageId, TaskId};
use serde_json::{Value, json};

use super::{LEASE, Moment, app, completes, moments, steps_of_the_example};
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

#[tokio::test]
async fn every_write_of_an_older_claim_is_refused() {
    let app = app().await;
    let guest = app.guest().await;
    let task = guest.say(HAIRCUT).await;
    let id: TaskId = task.id.parse().unwrap();
    let db = app.database.pool();
    let mut conn = db.conn().await.unwrap();
    let claimed = tasks::claim(&mut conn, vec![id], "one", LEASE, 5).await.unwrap();
    let [late] = <[Claimed; 1]>::try_from(claimed).unwrap();
    assert!(tasks::claim(&mut conn, vec![id], "two", LEASE, 5).await.unwrap().is_empty(), "it is in hand");
    app.database.execute("UPDATE tasks SET lease_until = now() - interval '1 second'").await;
    let claimed = tasks::claim(&mut conn, vec![id], "two", LEASE, 5).await.unwrap();
    let [newest] = <[Claimed; 1]>::try_from(claimed).unwrap();
    let row = app.database.rows("SELECT * FROM tasks").await;

    assert_eq!(tasks::renew(&mut conn, &[(id, late.claim_no)], LEASE).await.unwrap(), []);
    let held = tasks::hold(&conn, &late, 1, tasks::no_effects()).await;
    assert_eq!(held.unwrap_err().code, Code::IllegalMove);
    assert!(tasks::pause(&mut conn, &late, &Pause::HandBack).await.unwrap().is_none());
    let end = |claim: &Claimed, text: &str| Ended {
        id,
        claim_no: claim.claim_no,
        outcome: Outcome::Completed(
            json!({"kind": "chat"}),
            Some(Box::new(Reply {
                message_id: MessageId::new(),
                text: text.to_owned(),
                data: json!({}),
                draft: None,
            })),
        ),
    };
    assert!(tasks::end(&mut conn, &[end(&late, "late")]).await.unwrap().is_empty());
    assert_eq!(app.database.rows("SELECT * FROM tasks").await, row, "nothing has changed");

    assert_eq!(tasks::end(&mut conn, &[end(&newest, "in time")]).await.unwrap().len(), 1);
    assert!(tasks::end(&mut conn, &[end(&newest, "again")]).await.unwrap().is_empty(), "it has ended");
    let said = guest.transcript(&task.session).await;
    assert_eq!(said[1..], [("assistant".to_owned(), "in time".to_owned())]);
}
