//! Workers and APIs that die, freeze or are told to stop: every message is answered once, every step runs once.

mod api;
mod frozen;
mod killed;
mod stopped;

use std::time::Duration;

use proxie_offline_llm::{Fault, Faults};
use serde_json::Value;

use crate::support::{App, HAIRCUT, Stall, Task, eventually};

/// How long a claim holds here.
const LEASE: Duration = Duration::from_secs(4);

/// The product without workers: they are processes here.
async fn app() -> App {
    let leases =
        App::builder().tasks(|tasks| (tasks.lease, tasks.renew) = (LEASE, Duration::from_millis(500)));
    leases.workers(0).start().await
}

/// Where a worker is when it dies.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// It has read the entry from the queue; the claim never comes about.
    Read,
    /// The claim is being written.
    Claim,
    /// The model is asked for the `n`th time.
    Call(usize),
    /// The `n`th step is being written: what it did is not yet kept.
    Step(usize),
    /// The answer is being written.
    End,
}

/// The moments of a message with these steps, from the first call of the model on.
fn moments(steps: &[Value]) -> Vec<Moment> {
    let calls = steps.iter().filter(|kind| **kind == "llm").count();
    assert!(calls >= 2 && calls < steps.len(), "the example asks the model and uses tools: {steps:?}");
    (1..=calls).map(Moment::Call).chain((1..=steps.len()).map(Moment::Step)).collect()
}

/// How the example's message goes when nothing happens: the kinds of its steps.
async fn steps_of_the_example() -> Vec<Value> {
    let app = app().await;
    app.start_worker();
    let task = app.guest().await.say(HAIRCUT).await;
    task.result().await;
    app.steps(&task.id).await.into_iter().map(|step| step["kind"].clone()).collect()
}

impl Moment {
    /// Sees to it that the next task stops there.
    async fn arrange<'a>(&self, app: &'a App, fault: Fault) -> Option<Stall<'a>> {
        let (event, condition) = match self {
            Self::Call(n) => {
                let mut next = vec![None; *n - 1];
                next.push(Some(fault));
                app.model.set_faults(Faults { always: None, next: next.into() });
                return None;
            }
            Self::Step(n) => ("INSERT ON task_steps", format!("new.no = {n}")),
            Self::Read | Self::Claim => {
                ("UPDATE ON tasks", "new.stage = 'running' AND old.stage = 'queued'".to_owned())
            }
            Self::End => ("UPDATE ON tasks", "new.status = 'completed'".to_owned()),
        };
        Some(Stall::begin(&app.database, event, &condition).await)
    }

    /// Waits until a worker has stopped there.
    async fn reached(&self, app: &App, stall: Option<&Stall<'_>>) {
        match (self, stall) {
            (Self::Call(n), _) => {
                eventually("the model is asked", async || {
                    let counters = app.model.counters();
                    counters.received == *n as u64 && counters.in_flight == 1
                })
                .await;
            }
            (_, Some(stall)) => stall.reached().await,
            (_, None) => unreachable!("writes stall"),
        }
    }
}

/// Waits until a task has completed, as its row has it.
async fn completes(app: &App, task: &Task, moment: Moment) {
    let status = format!("SELECT status::text FROM tasks WHERE id = '{}'", task.id);
    let completed = async || app.database.value(&status).await == "completed";
    eventually(&format!("the task completes ({moment:?})"), completed).await;
}
