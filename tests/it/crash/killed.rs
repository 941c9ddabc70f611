//! `kill -9` of workers.

use std::time::{Duration, Instant};

use futures::future::join_all;
use proxie_offline_llm::{Fault, Kind};
use serde_json::Value;

use super::{LEASE, Moment, app, completes, moments, steps_of_the_example};
use crate::support::{App, HAIRCUT, Process, Task, eventually, size};

/// Kills the worker at a moment and lets another go on.
async fn dies_at(moment: Moment, steps: &[Value]) -> Duration {
    let app = app().await;
    let guest = app.guest().await;
    let stall = moment.arrange(&app, Fault::kind(Kind::Hang)).await;
    let first = Process::worker(&app);
    let task = guest.say(HAIRCUT).await;
    moment.reached(&app, stall.as_ref()).await;
    let finished = app.steps(&task.id).await;
    first.kill().await;
    let killed = Instant::now();
    match (stall, moment) {
        (Some(stall), Moment::Read) => stall.abort().await,
        (Some(stall), _) => stall.release(),
        (None, _) => {}
    }
    let _second = Process::worker(&app);
    completes(&app, &task, moment).await;
    let took = killed.elapsed();
    // Nobody told who waits if the first one wrote the answer and died: a copy of the row is ten seconds old at most.
    eventually("the status says so", async || task.status().await["status"] == "completed").await;
    let done = task.status().await;

    assert_eq!(done["status"], "completed", "{moment:?}: {done}");
    assert_eq!(done["result"]["draft"]["fields"]["city"], "Brooklyn", "{moment:?}: {done}");
    assert!(took < 2 * LEASE, "{moment:?}: completed {took:?} after the kill");
    let ran = app.steps(&task.id).await;
    assert_eq!(ran[..finished.len()], finished, "{moment:?}: what was finished stays as it was");
    let kinds: Vec<Value> = ran.iter().map(|step| step["kind"].clone()).collect();
    let numbers: Vec<i64> = ran.iter().map(|step| step["no"].as_i64().unwrap()).collect();
    assert_eq!(
        (kinds.as_slice(), numbers),
        (steps, (1..=steps.len() as i64).collect()),
        "{moment:?}: each step once"
    );
    assert_eq!(app.answers(&task.session).await, 1, "{moment:?}: answered once");
    assert_eq!(
        app.database.value("SELECT version FROM drafts").await,
        1,
        "{moment:?}: the tool took effect once"
    );
    // Asked once for each stored answer, and once more where the answer was lost with the worker.
    let asked = steps.iter().filter(|kind| **kind == "llm").count();
    let lost = match moment {
        Moment::Call(_) => 1,
        Moment::Step(n) => usize::from(steps[n - 1] == "llm"),
        Moment::Read | Moment::Claim | Moment::End => 0,
    };
    assert_eq!(
        app.model.counters().received,
        (asked + lost) as u64,
        "{moment:?}: no stored answer is paid for twice"
    );
    took
}

#[tokio::test]
async fn a_worker_killed_at_any_step_is_followed_by_another() {
    let steps = steps_of_the_example().await;
    let mut all = vec![Moment::Read, Moment::Claim, Moment::End];
    all.extend(moments(&steps));
    let mut longest = Duration::ZERO;
    for _ in 0..size(1, 8) {
        for some in all.chunks(6) {
            let took = join_all(some.iter().map(|moment| dies_at(*moment, &steps))).await;
            longest = took.into_iter().fold(longest, Duration::max);
        }
    }
    let kills = all.len() * size(1, 8);
    println!(
        "figure: kill -9 at {} moments, {kills} times: completed {longest:.1?} later at most; lease {LEASE:?}",
        all.len()
    );
}

#[tokio::test]
async fn whatever_was_in_a_killed_workers_hands_completes() {
    let app = app().await;
    let guest = app.guest().await;
    let first = Process::worker(&app);
    app.model.always(Some(Fault::latency(300)));
    let many = size(40, 400);
    let tasks = join_all((0..many).map(|_| guest.say(HAIRCUT))).await;
    eventually("it is in the middle of them", async || app.model.counters().finished >= many as u64 / 2)
        .await;
    first.kill().await;
    app.model.clear();
    let _second = Process::worker(&app);
    for done in join_all(tasks.iter().map(Task::done)).await {
        assert_eq!(done["status"], "completed", "{done}");
    }
    let answers = app.database.value("SELECT count(*) FROM chat_messages WHERE author = 'assistant'").await;
    assert_eq!(answers, many as i64, "each answered once");
}

#[tokio::test]
async fn a_task_that_kills_every_worker_is_given_up() {
    let claims = App::builder().tasks(|tasks| {
        (tasks.lease, tasks.renew, tasks.max_claims) =
            (Duration::from_secs(1), Duration::from_millis(300), 2);
    });
    let app = claims.workers(0).start().await;
    let guest = app.guest().await;
    app.model.always(Some(Fault::kind(Kind::Hang)));
    let task = guest.say(HAIRCUT).await;
    for claim in 1..=2 {
        let worker = Process::worker(&app);
        eventually("the model is asked again", async || app.model.counters().received == claim).await;
        worker.kill().await;
    }
    // Somebody must be there to notice.
    app.start_worker();
    assert_eq!(task.failure().await, "task_abandoned");
    assert_eq!(task.status().await["attempts"], 2);
    app.model.clear();
    let next = guest.say_in(&task.session, "hello").await;
    assert_eq!(next.done().await["status"], "completed", "it holds nothing back");
    Task::accepted(&guest, &task.retry().await).result().await;
}
