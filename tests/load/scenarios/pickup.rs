//! How soon a waiting worker has a task in hand, claim included, at a steady rate.
//!
//! The generator does what the API does (insert, then announce) and notes the clock when the insert's commit has been
//! confirmed. The worker is a process of its own and notes no time of the handler's start, so the nearest moment
//! *after* it that is on record is taken: the start of the transaction that ends the task, `updated_at` of the ended
//! row. By then the task was read from the stream, claimed, the claim was committed, the handler had started, done
//! nothing, ended, and the end had waited for its place in the group commit and for a connection. So the figure is an
//! upper bound. Both clocks are this machine's.
//!
//! The confirmation reaches the generator a little after the commit itself, so a second figure begins at `created_at`,
//! the start of the inserting transaction: it contains all of the insert's own work and disk flush, and bounds from above
//! whatever the first one may have missed.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use proxie_shared::db;
use proxie_shared::db::tasks::NewTask;
use proxie_shared::model::tasks::TaskKind;
use proxie_shared::model::{TaskId, UserId};
use proxie_shared::queue::Queue;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::noop::all_ended;
use crate::Result;
use crate::drive::Summary;
use crate::report::{Report, Target, Unit};
use crate::stage::Stage;

/// Tasks a second.
const RATES: [u32; 2] = [20, 500];
/// How long the worker is given tasks that do not count.
const WARM_UP: Duration = Duration::from_secs(2);

/// Two bounds of the same thing.
pub struct PickUp {
    /// From the confirmed commit to the end's start.
    pub committed: Summary,
    /// From the insert's start to the end's start.
    pub begun: Summary,
}

/// Measures both rates.
pub async fn run(stage: &Stage, report: &mut Report) -> Result<()> {
    for rate in RATES {
        stage.reset().await?;
        let worker = stage.start_worker(None, &[])?;
        let seconds = stage.either(Duration::from_secs(60), Duration::from_secs(10));
        let pick_up = measure(stage, rate, seconds).await?;
        let what = format!("{rate}/s, from the commit to the end of the handler");
        report.add(
            "pickup",
            format!("{what}: p50"),
            Unit::Ms,
            Target::AtMost(2.0),
            pick_up.committed.ms(50.0),
        );
        report.add("pickup", format!("{what}: p95"), Unit::Ms, Target::None, pick_up.committed.ms(95.0));
        report.add(
            "pickup",
            format!("{what}: p99"),
            Unit::Ms,
            Target::AtMost(8.0),
            pick_up.committed.ms(99.0),
        );
        let what = format!("{rate}/s, with the insert and its commit");
        report.add("pickup", format!("{what}: p50"), Unit::Ms, Target::None, pick_up.begun.ms(50.0));
        report.add("pickup", format!("{what}: p99"), Unit::Ms, Target::None, pick_up.begun.ms(99.0));
        report.add("pickup", format!("worker at {rate}/s"), Unit::Mb, Target::None, worker.memory()?.now);
        worker.stop().await?;
    }
    Ok(())
}

/// Submits probes at a rate to a worker that has been started.
pub async fn measure(stage: &Stage, rate: u32, duration: Duration) -> Result<PickUp> {
    submit(stage, rate.min(100), WARM_UP).await?;
    all_ended(stage).await?;
    let committed = submit(stage, rate, duration).await?;
    all_ended(stage).await?;

    let mut pick_up = PickUp { committed: Summary::new(duration)?, begun: Summary::new(duration)? };
    let micros = "SELECT id, (extract(epoch FROM created_at) * 1000000)::bigint,
                         (extract(epoch FROM updated_at) * 1000000)::bigint FROM tasks
                  WHERE kind = 'probe' AND status = 'completed'";
    for row in stage.pg.query(micros, &[]).await? {
        let (id, begun, ended): (Uuid, i64, i64) = (row.get(0), row.get(1), row.get(2));
        if let Some(committed) = committed.get(&id) {
            let since = |start: i64| Duration::from_micros(ended.saturating_sub(start).max(0) as u64);
            pick_up.committed.add(since(*committed));
            pick_up.begun.add(since(begun));
        }
    }
    if pick_up.committed.count() != committed.len() as u64 {
        return Err(format!("{} of {} probes completed", pick_up.committed.count(), committed.len()).into());
    }
    Ok(pick_up)
}

/// Submits probes at a steady rate, however long each takes; answers when each was committed, in microseconds.
async fn submit(stage: &Stage, rate: u32, duration: Duration) -> Result<HashMap<Uuid, i64>> {
    let user = UserId(stage.users[0].id);
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let end = Instant::now() + duration;
    let mut submitting = JoinSet::new();
    while tick.tick().await < end {
        submitting.spawn(submit_one(stage.queue.clone(), user));
    }
    let mut committed = HashMap::with_capacity(submitting.len());
    while let Some(one) = submitting.join_next().await {
        let (id, at) = one??;
        committed.insert(id, at);
    }
    Ok(committed)
}

async fn submit_one(queue: Queue, user: UserId) -> Result<(Uuid, i64)> {
    let id = TaskId::new();
    let trace_id = id.0.simple().to_string();
    let task = NewTask {
        id,
        kind: TaskKind::Probe,
        user_id: user,
        request_id: None,
        retry_of: None,
        trace_id,
        parent_span: None,
    };
    let task = db::tasks::insert(&mut *queue.db.conn().await?, task).await?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    queue.announce_new(&task);
    Ok((id.0, now.as_micros() as i64))
}
