//! What 50,000 waiting chats that nobody serves do to the other figures: each is measured without and with them, one
//! right after the other.

use std::time::Duration;

use super::noop::UNSERVED_CHATS;
use super::submit::Sessions;
use super::{BACKLOG, noop, pickup, status, submit};
use crate::Result;
use crate::data::{State, insert_chats};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// A rate may fall to, a latency rise by, a quarter.
const RATE: Target = Target::AtLeast(0.75);
const LATENCY: Target = Target::AtMost(1.25);

/// Measures pairs.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let api = stage.start_api().await?;
    for clients in [16, 64] {
        let mut pair = Vec::new();
        for backlog in [false, true] {
            prepare(stage, backlog).await?;
            pair.push(submit::measure(stage, &api, Sessions::New, clients).await?);
        }
        let what = format!("submit, new session, {clients} clients");
        ratio(report, format!("{what}: rate"), RATE, pair[0].rate(), pair[1].rate());
        ratio(report, format!("{what}: p99"), Target::None, pair[0].ms(99.0), pair[1].ms(99.0));
    }
    let mut rates = Vec::new();
    for backlog in [false, true] {
        prepare(stage, backlog).await?;
        rates.push(status::measure(stage, &api, 64).await?.rate());
    }
    ratio(report, "status, 64 clients: rate".to_owned(), RATE, rates[0], rates[1]);
    api.process.stop().await?;

    let mut pair = Vec::new();
    for backlog in [false, true] {
        prepare(stage, backlog).await?;
        let worker = stage.start_worker(None, UNSERVED_CHATS)?;
        pair.push(
            pickup::measure(stage, 500, stage.either(Duration::from_secs(20), Duration::from_secs(5)))
                .await?,
        );
        worker.stop().await?;
    }
    for percentile in [50.0, 99.0] {
        let [without, with] = [&pair[0], &pair[1]].map(|pick_up| pick_up.committed.ms(percentile));
        ratio(report, format!("pick-up, 500/s: p{percentile}"), LATENCY, without, with);
    }

    let (without, _) = noop::measure(stage, 1, false).await?;
    let (with, _) = noop::measure(stage, 1, true).await?;
    ratio(report, "no-op jobs, one worker: rate".to_owned(), RATE, without, with);
    Ok(())
}

async fn prepare(stage: &Stage, backlog: bool) -> Result<()> {
    stage.reset().await?;
    if backlog {
        insert_chats(stage, BACKLOG, State::Queued).await?;
    }
    Ok(())
}

fn ratio(report: &mut Report, what: String, target: Target, without: f64, with: f64) {
    report.add("backlog", format!("{what}, as a multiple of without"), Unit::Times, target, with / without);
}
