//! Durable jobs that do nothing: from a waiting backlog to completed rows.

use std::time::{Duration, Instant};

use super::{BACKLOG, Result};
use crate::data::{State, insert_chats, insert_probes};
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// How many jobs wait.
const JOBS: usize = 20_000;
/// How long all of them may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// Measures one worker and two.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    let (one, memory) = measure(stage, 1, false).await?;
    report.add("noop", "one worker", Unit::PerSecond, Target::AtLeast(3_000.0), one);
    report.add("noop", "the worker, at most", Unit::Mb, Target::None, memory);
    let (two, _) = measure(stage, 2, false).await?;
    report.add("noop", "two workers", Unit::PerSecond, Target::AtLeast(3_000.0), two);
    report.add("noop", "two workers, as a multiple of one", Unit::Times, Target::AtLeast(1.0), two / one);
    Ok(())
}

/// Jobs a second between the first and the last completion, and what the first worker occupied; with `backlog`, while
/// chats wait in a lane that nobody serves.
pub async fn measure(stage: &Stage, workers: usize, backlog: bool) -> Result<(f64, f64)> {
    stage.reset().await?;
    if backlog {
        insert_chats(stage, BACKLOG, State::Queued).await?;
    }
    insert_probes(stage, JOBS).await?;
    let own = if backlog { UNSERVED_CHATS } else { &[] };
    let mut running = Vec::with_capacity(workers);
    for number in 1..=workers {
        running.push(stage.start_worker_number(number, None, own)?);
    }
    all_ended(stage).await?;
    let memory = running[0].memory()?.peak;
    for worker in running {
        worker.stop().await?;
    }
    let took = "SELECT count(*), extract(epoch FROM max(updated_at) - min(updated_at))::float8 FROM tasks
                WHERE kind = 'probe' AND status = 'completed'";
    let row = stage.pg.query_one(took, &[]).await?;
    let (done, seconds): (i64, f64) = (row.get(0), row.get(1));
    if done != JOBS as i64 {
        return Err(format!("{done} of {JOBS} jobs completed").into());
    }
    Ok((JOBS as f64 / seconds, memory))
}

/// The settings of a worker that leaves chats alone.
pub const UNSERVED_CHATS: &[(&str, &str)] = &[("PROXIE_CHAT_CONCURRENCY", "0")];

/// Waits until no probe waits or runs.
pub async fn all_ended(stage: &Stage) -> Result<()> {
    let open = "SELECT EXISTS (SELECT FROM tasks WHERE kind = 'probe' AND stage = 'queued')
                OR EXISTS (SELECT FROM tasks WHERE kind = 'probe' AND stage = 'running')";
    let open = stage.pg.prepare(open).await?;
    let deadline = Instant::now() + PATIENCE;
    while stage.pg.query_one(&open, &[]).await?.get(0) {
        if Instant::now() > deadline {
            return Err(format!("jobs are still open after {PATIENCE:?}").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}
