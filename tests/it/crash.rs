//! Workers and APIs that die, freeze or are told to stop: every message is answered once, every step runs once.

use std::time::{Duration, Instant};

use futures::future::join_all;
use proxie_offline_llm::{Fault, Faults, Kind};
use serde_json::{Value, json};

use crate::support::{App, HAIRCUT, PATIENCE, Process, Stall, Task, eventually, size};

const LEASE: Duration = Duration::from_secs(3);

/// The product without workers: they are processes here.
async fn app() -> App {
    let app = App::builder()
        .workers(0)
        .tasks(|tasks| (tasks.lease, tasks.renew) = (LEASE, Duration::from_millis(500)))
        .start()
        .await;
    app.seed().await;
    app
}

/// Where a worker is when it dies.
#[derive(Clone, Debug)]
enum Moment {
    /// The claim is being written.
    Claim,
    /// The model is asked for the `n`th time.
    Call(usize),
    /// The `n`th step is being written: what it did is not yet kept.
    Step(usize),
    /// The answer is being written.
    End,
}

/// How the example's message goes when nothing happens: the kinds of its steps.
async fn steps_of_the_example() -> Vec<Value> {
    let app = app().await;
    app.start_worker();
    let task = app.guest().await.say(HAIRCUT).await;
    task.result().await;
    app.steps(&task.id).await.into_iter().map(|step| step["kind"].clone()).collect()
}

/// Kills the worker at a moment and lets another go on.
async fn dies_at(moment: &Moment, steps: &[Value]) {
    let app = app().await;
    let guest = app.guest().await;
    let stall = match moment {
        Moment::Call(n) => {
            let mut next = vec![None; *n - 1];
            next.push(Some(Fault::kind(Kind::Hang)));
            app.model.set_faults(Faults { always: None, next: next.into() });
            None
        }
        Moment::Step(n) => Some(("INSERT ON task_steps", format!("new.no = {n}"))),
        Moment::Claim => Some(("UPDATE ON tasks", "new.stage = 'running' AND old.stage = 'queued'".to_owned())),
        Moment::End => Some(("UPDATE ON tasks", "new.status = 'completed'".to_owned())),
    };
    let stall = match &stall {
        Some((event, condition)) => Some(Stall::begin(&app.database, event, condition).await),
        None => None,
    };
    let first = Process::worker(&app);
    let task = guest.say(HAIRCUT).await;
    match &stall {
        Some(stall) => stall.reached().await,
        None => {
            let Moment::Call(n) = moment else { unreachable!() };
            eventually("the model hangs", async || {
                let counters = app.model.counters();
                counters.received == *n as u64 && counters.in_flight == 1
            })
            .await;
        }
    }
    let finished = app.steps(&task.id).await;
    first.kill().await;
    let killed = Instant::now();
    if let Some(stall) = stall {
        stall.release();
    }
    let _second = Process::worker(&app);
    let done = task.done().await;
    let took = killed.elapsed();

    assert_eq!(done["status"], "completed", "{moment:?}: {done}");
    assert_eq!(done["result"]["draft"]["fields"]["city"], "Brooklyn", "{moment:?}: {done}");
    assert!(took < 2 * LEASE, "{moment:?}: completed {took:?} after the kill");
    let ran = app.steps(&task.id).await;
    assert_eq!(ran[..finished.len()], finished, "{moment:?}: what was finished stays as it was");
    let kinds: Vec<Value> = ran.iter().map(|step| step["kind"].clone()).collect();
    let numbers: Vec<i64> = ran.iter().map(|step| step["no"].as_i64().unwrap()).collect();
    assert_eq!((kinds.as_slice(), numbers), (steps, (1..=steps.len() as i64).collect()), "{moment:?}: each step once");
    assert_eq!(app.answers(&task.session).await, 1, "{moment:?}: answered once");
    assert_eq!(app.database.value("SELECT version FROM drafts").await, 1, "{moment:?}: the tool took effect once");
    // Asked once for each stored answer, and once more where the answer was lost with the worker.
    let asked = steps.iter().filter(|kind| **kind == "llm").count();
    let lost = match moment {
        Moment::Call(_) => 1,
        Moment::Step(n) => usize::from(steps[n - 1] == "llm"),
        Moment::Claim | Moment::End => 0,
    };
    assert_eq!(app.model.counters().received, (asked + lost) as u64, "{moment:?}: no stored answer is paid for twice");
}

#[tokio::test]
async fn a_worker_killed_at_any_step_is_followed_by_another() {
    let steps = steps_of_the_example().await;
    let calls = steps.iter().filter(|kind| **kind == "llm").count();
    assert!(calls >= 2 && calls < steps.len(), "the example asks the model and uses tools: {steps:?}");
    let mut moments = vec![Moment::Claim, Moment::End];
    moments.extend((1..=calls).map(Moment::Call));
    moments.extend((1..=steps.len()).map(Moment::Step));
    for _ in 0..size(1, 8) {
        for some in moments.chunks(5) {
            join_all(some.iter().map(|moment| dies_at(moment, &steps))).await;
        }
    }
}

#[tokio::test]
async fn whatever_was_in_a_killed_workers_hands_completes() {
    let app = app().await;
    let guest = app.guest().await;
    let first = Process::worker(&app);
    app.model.always(Some(Fault::latency(300)));
    let many = size(40, 400);
    let tasks = join_all((0..many).map(|_| guest.say(HAIRCUT))).await;
    eventually("it is in the middle of them", async || app.model.counters().finished >= many as u64 / 2).await;
    first.kill().await;
    app.model.clear();
    let _second = Process::worker(&app);
    for done in join_all(tasks.iter().map(Task::done)).await {
        assert_eq!(done["status"], "completed", "{done}");
    }
    let answers = app.database.value("SELECT count(*) FROM chat_messages WHERE author = 'assistant'").await;
    assert_eq!(answers, many as i64, "each answered once");
}

/// Freezes the worker while the model answers for the `n`th time, until another has done its work.
async fn freezes_at(call: usize, steps: &[Value]) {
    let app = app().await;
    let guest = app.guest().await;
    // The answer arrives while the worker is frozen: it reads it late.
    let mut next = vec![None; call - 1];
    next.push(Some(Fault::latency(500)));
    app.model.set_faults(Faults { always: None, next: next.into() });
    let frozen = Process::worker(&app);
    let task = guest.say(HAIRCUT).await;
    eventually("the model is asked", async || {
        let counters = app.model.counters();
        counters.received == call as u64 && counters.in_flight == 1
    })
    .await;
    frozen.signal("STOP");
    let _other = Process::worker(&app);
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)), "{done}");
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
    let calls = steps.iter().filter(|kind| **kind == "llm").count();
    for _ in 0..size(1, 5) {
        join_all((1..=calls).map(|call| freezes_at(call, &steps))).await;
    }
}

#[tokio::test]
async fn a_worker_told_to_stop_finishes_what_is_nearly_done() {
    let app = app().await;
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
    let app = app().await;
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
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(1)), "not its own fault: {done}");
    assert!(told.elapsed() < Duration::from_secs(1) + LEASE, "at once, not when the lease ends: {:?}", told.elapsed());
}

#[tokio::test]
async fn a_message_whose_push_was_lost_with_the_api_is_answered() {
    let app = app().await;
    // Nobody answers there: what this API takes is written and never pushed.
    let nowhere = [("REDIS_URL", "redis://127.0.0.1:1/0")];
    let (api, anybody) = Process::api(&app, &nowhere).await;
    let mut sent = Vec::new();
    for _ in 0..size(5, 50) {
        let answer = anybody.post("/chat", json!({"message": HAIRCUT})).await.expect(202);
        sent.push((answer.body["guest_token"].as_str().unwrap().to_owned(), Task::accepted(&anybody, &answer).id));
    }
    api.kill().await;
    app.start_worker();
    for (token, id) in sent {
        Task::new(&app.anybody().with_token(&token), &id).result().await;
    }
}

#[tokio::test]
async fn an_api_killed_under_load_loses_nothing_that_it_took() {
    let app = app().await;
    app.start_worker();
    let guest = app.guest().await;
    let (api, caller) = Process::api(&app, &[]).await;
    let caller = caller.with_token(guest.token.as_deref().unwrap());
    let (taken, mut told) = tokio::sync::mpsc::unbounded_channel();
    let load = join_all((0..8).map(|_| {
        let (caller, taken) = (caller.clone(), taken.clone());
        async move {
            loop {
                let call = caller.call(reqwest::Method::POST, "/chat").json(&json!({"message": "hello"}));
                match caller.try_send(call).await {
                    Ok(answer) => taken.send(Task::accepted(&caller, &answer).id).unwrap(),
                    Err(_) => return,
                }
            }
        }
    }));
    let kill = async {
        let mut ids = Vec::new();
        while ids.len() < size(50, 500) {
            ids.push(told.recv().await.unwrap());
        }
        api.kill().await;
        ids
    };
    let (mut ids, _) = tokio::time::timeout(PATIENCE, futures::future::join(kill, load)).await.expect("the load ends");
    while let Ok(id) = told.try_recv() {
        ids.push(id);
    }
    for id in ids {
        Task::new(&guest, &id).result().await;
    }
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

    let mend = format!("DELETE FROM task_steps WHERE task_id = '{0}'; UPDATE tasks SET run_at = now() WHERE id = '{0}'", task.id);
    app.database.execute(&mend).await;
    let done = task.done().await;
    assert_eq!((&done["status"], &done["attempts"]), (&json!("completed"), &json!(2)), "{done}");
}
