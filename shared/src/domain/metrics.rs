//! What is measured when somebody looks: open tasks, the queue, connections.

use std::time::Duration;

use metrics::gauge;
use strum::VariantArray;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::db;
use crate::error::Result;
use crate::model::tasks::{Lane, TaskKind, TaskStage};
use crate::queue::Queue;

/// How old the values may be, so that many who look cost no more than one.
const TTL: Duration = Duration::from_secs(2);
/// How long PostgreSQL may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Gauges that are read from PostgreSQL, Redis and the pool.
pub struct Gauges {
    queue: Queue,
    /// When they were last read. Who comes while they are read waits for the same values.
    read: Mutex<Option<Instant>>,
}

impl Gauges {
    /// Gauges of this queue.
    #[must_use]
    pub fn new(queue: Queue) -> Self {
        Self { queue, read: Mutex::default() }
    }

    /// Reads them again unless that was done a moment ago. What cannot be read is not a number then, rather than what
    /// it once was.
    pub async fn refresh(&self) {
        let mut read = self.read.lock().await;
        if read.is_some_and(|at| at.elapsed() < TTL) {
            return;
        }
        let open = timeout(PATIENCE, self.open_tasks()).await;
        set_tasks(open.ok().and_then(Result::ok).as_deref());
        for lane in Lane::VARIANTS {
            let depth = self.queue.depth(*lane).await;
            gauge!("proxie_queue_entries", "lane" => <&str>::from(lane))
                .set(depth.map_or(f64::NAN, |depth| depth as f64));
        }
        let connections = self.queue.db.connections();
        gauge!("proxie_database_connections", "state" => "busy").set(connections.busy as f64);
        gauge!("proxie_database_connections", "state" => "idle").set(connections.idle as f64);
        *read = Some(Instant::now());
    }

    async fn open_tasks(&self) -> Result<Vec<db::tasks::Open>> {
        let mut conn = self.queue.db.conn().await?;
        db::tasks::open(&mut conn).await
    }
}

/// Sets all that there could be: of a kind that has no open tasks there are none, which is not the same as unknown.
fn set_tasks(open: Option<&[db::tasks::Open]>) {
    let known = |value: f64| if open.is_some() { value } else { f64::NAN };
    for kind in TaskKind::VARIANTS {
        let of_kind = || open.unwrap_or_default().iter().filter(|open| open.kind == *kind);
        for stage in TaskStage::VARIANTS.iter().filter(|stage| **stage != TaskStage::Done) {
            let count: i64 = of_kind().filter(|open| open.stage == *stage).map(|open| open.count).sum();
            gauge!("proxie_tasks", "kind" => <&str>::from(kind), "stage" => <&str>::from(stage))
                .set(known(count as f64));
        }
        let oldest = of_kind().map(|open| open.oldest_seconds).fold(0.0, f64::max);
        gauge!("proxie_oldest_task_seconds", "kind" => <&str>::from(kind)).set(known(oldest));
    }
}
