//! What is measured, a scenario a file. Each leaves the stage to the next to empty.

mod backlog;
mod baseline;
mod calls;
mod end_to_end;
mod gateway;
mod import;
mod longpoll;
mod manners;
mod market;
mod matching;
mod noop;
mod pickup;
mod status;
mod submit;
mod tokens;

use clap::ValueEnum;

use crate::Result;
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// The levels of load of closed loops.
const CLIENTS: [usize; 3] = [1, 16, 64];
/// How many tasks a backlog has.
const BACKLOG: usize = 50_000;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// A bare actix endpoint, raw Redis, raw PostgreSQL.
    Baseline,
    /// Verifying a token.
    Tokens,
    /// `POST /chat`.
    Submit,
    /// `GET /chat/status/{id}`.
    Status,
    /// What the API occupies after these two, which it implies.
    Memory,
    /// How soon a waiting worker has a task in hand.
    Pickup,
    /// Durable jobs that do nothing, in a second.
    Noop,
    /// Model calls in flight in one worker.
    Calls,
    /// From the message to the answer, less the model's own time.
    EndToEnd,
    /// What the gateway adds to the model's own time, and how often an answer is given again.
    Gateway,
    /// Long polls at once, and how soon they are woken.
    Longpoll,
    /// What limits and idempotency cost.
    Manners,
    /// `POST /requests` and a provider's page.
    Market,
    /// `proxie-api import providers`.
    Import,
    /// Matching among 100,000 imported providers.
    Matching,
    /// What 50,000 waiting tasks do to all this.
    Backlog,
}

/// Runs scenarios once. One that fails is reported, and the others go on.
pub async fn run(stage: &Stage, chosen: &[Scenario], report: &mut Report) {
    let wants = |scenario| chosen.contains(&scenario);
    let submit = wants(Scenario::Submit) || wants(Scenario::Memory);
    let status = wants(Scenario::Status) || wants(Scenario::Memory);
    for scenario in Scenario::value_variants() {
        let ended = match scenario {
            // These three share a process of the API.
            Scenario::Submit if submit || status => one_api(stage, submit, status, report).await,
            Scenario::Submit | Scenario::Status | Scenario::Memory => Ok(()),
            other if !wants(*other) => Ok(()),
            Scenario::Baseline => baseline::run(stage, report).await,
            Scenario::Tokens => tokens::run(stage, report).await,
            Scenario::Pickup => pickup::run(stage, report).await,
            Scenario::Noop => noop::run(stage, report).await,
            Scenario::Calls => calls::run(stage, report).await,
            Scenario::EndToEnd => end_to_end::run(stage, report).await,
            Scenario::Gateway => gateway::run(stage, report).await,
            Scenario::Longpoll => longpoll::run(stage, report).await,
            Scenario::Manners => manners::run(stage, report).await,
            Scenario::Market => market::run(stage, report).await,
            Scenario::Import => import::run(stage, report).await,
            Scenario::Matching => matching::run(stage, report).await,
            Scenario::Backlog => backlog::run(stage, report).await,
        };
        if let Err(error) = ended {
            report.fail(*scenario, &error.to_string());
        }
    }
}

/// Submit and status against one process of the API, and what it occupies afterwards.
async fn one_api(stage: &Stage, submit: bool, status: bool, report: &mut Report) -> Result<()> {
    let api = stage.start_api().await?;
    report.add("memory", "API, just started", Unit::Mb, Target::None, api.process.memory()?.now);
    if submit {
        submit::run(stage, &api, report).await?;
    }
    if status {
        status::run(stage, &api, report).await?;
    }
    if submit && status {
        let memory = api.process.memory()?;
        report.add("memory", "API, after submit and status", Unit::Mb, Target::AtMost(50.0), memory.now);
        report.add("memory", "API, at most", Unit::Mb, Target::None, memory.peak);
    }
    api.process.stop().await
}
