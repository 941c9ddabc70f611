//! The queue: Redis Streams carry task ids, PostgreSQL holds the truth.
//!
//! **Keys**, all below the configured prefix:
//!
//! | key | what |
//! |---|---|
//! | `queue:<lane>` | a stream per [`Lane`](crate::model::tasks::Lane), consumer group `workers`; an entry is `v` (1) and `id` |
//! | `queue:dead` | entries that could not be read, the last 10,000 |
//! | `task:<user>:<id>` | a copy of a task's row, for status calls; its owner is part of the key |
//! | `events:<user>:<id>` | what is told of a task while it is worked on: see [`events`] |
//! | channels `ended`, `cancelled` | the id of a task that ended, or that a worker must drop |
//!
//! **Guarantees.** An entry says "look at this id" and nothing more, so one that is lost, doubled, late or garbled
//! costs time and never correctness:
//!
//! - a task is taken by one claim at a time ([`crate::db::tasks::claim`]), whose number fences every later write;
//! - an entry is acknowledged and deleted once its task is claimed or refused, not when the task ends: a long call
//!   fights no idle timer, the lease in PostgreSQL, renewed while the task runs, covers the rest;
//! - what a dead worker had read and not claimed is taken over by `XAUTOCLAIM`;
//! - the [relay](relay) pushes again whatever is due, in nobody's hand and no longer in the stream;
//! - tasks of one conversation run in order, one at a time: the claim refuses all but the first, and who ends it
//!   pushes the next.
//!
//! It implements apalis's `Backend` rather than use `apalis-redis` 1.0: that fetches on a 30 s heartbeat when idle,
//! wedges for good from about 8,000 due jobs, is killed by a payload that does not decode, and cancels work in hand
//! on any Redis error.

mod backend;
mod courier;
pub mod events;
mod fetch;
mod redis_link;
pub mod relay;
mod signals;
mod status;
mod unit_of_work;

pub use backend::{Job, StreamsBackend};
pub use courier::Courier;
use courier::Kept;
pub use fetch::Source;
pub use redis_link::Redis;
pub use signals::{Heard, Signal, listen};
pub use status::StatusCopies;
pub use unit_of_work::UnitOfWork;

use std::time::Duration;

use crate::db::{self, Db};
use crate::error::Result;
use crate::model::TaskId;
use crate::model::tasks::{Lane, Task};

/// How long PostgreSQL may take to show that it is there.
const PING: Duration = Duration::from_secs(1);

/// What every process needs of the queue: the database, Redis, and the courier between them.
#[derive(Clone)]
pub struct Queue {
    /// The truth.
    pub db: Db,
    /// The carrier.
    pub redis: Redis,
    /// Writes to Redis without keeping anybody waiting.
    pub courier: Courier,
}

impl Queue {
    /// A queue over these two; starts the courier.
    #[must_use]
    pub fn new(db: Db, redis: Redis) -> Self {
        let courier = Courier::start(redis.clone());
        Self { db, redis, courier }
    }

    /// Whether what it needs is there: `(name, answers)`.
    pub async fn readiness(&self) -> [(&'static str, bool); 2] {
        let (postgres, redis) = futures::join!(self.db.ping(PING), self.redis.ping());
        [("postgres", postgres.is_ok()), ("redis", redis.is_ok())]
    }

    /// How many entries are in a lane's stream: tasks that wait to be claimed.
    ///
    /// # Errors
    /// `unavailable` when Redis is away.
    pub async fn depth(&self, lane: Lane) -> Result<u64> {
        let mut length = redis::cmd("XLEN");
        length.arg(stream(&self.redis, lane));
        self.redis.query(&length).await
    }

    /// Tells of a task that was just written: its copy, then its entry.
    pub fn announce_new(&self, task: &Task) {
        self.courier.copy(task);
        self.courier.push(task.kind.lane(), task.id);
    }

    /// Tells of tasks that ended: their copies, those who wait, and who comes next in their conversations.
    ///
    /// # Errors
    /// When the database is away; the relay then finds the next ones.
    pub async fn announce_ended(&self, ended: &[Task]) -> Result<()> {
        for task in ended {
            self.courier.copy(task);
            self.courier.end(task);
            self.courier.signal(Signal::Ended, task.id);
            let (kind, status): (&str, &str) = (task.kind.into(), task.status.into());
            metrics::counter!("proxie_tasks_ended_total", "kind" => kind, "status" => status).increment(1);
        }
        let sessions: Vec<_> = ended.iter().filter_map(|task| task.session_id).collect();
        if !sessions.is_empty() {
            let mut conn = self.db.conn().await?;
            for (id, kind) in db::tasks::next_in_sessions(&mut conn, sessions).await? {
                self.courier.push(kind.lane(), id);
            }
        }
        Ok(())
    }

    /// Tells of tasks that were cancelled, also the workers that have them in hand.
    ///
    /// # Errors
    /// As [`Self::announce_ended`].
    pub async fn announce_cancelled(&self, cancelled: &[Task]) -> Result<()> {
        for task in cancelled {
            self.courier.signal(Signal::Cancelled, task.id);
        }
        self.announce_ended(cancelled).await
    }

    /// Tells of tasks that were deleted: their copies go, and workers drop what they have of them in hand.
    pub fn announce_deleted(&self, deleted: &[Task]) {
        for task in deleted {
            self.courier.forget(task);
            self.courier.close(task);
            if !task.status.is_terminal() {
                self.courier.signal(Signal::Cancelled, task.id);
                self.courier.signal(Signal::Ended, task.id);
            }
        }
    }
}

/// The stream of a lane.
fn stream(redis: &Redis, lane: Lane) -> String {
    let lane: &'static str = lane.into();
    redis.key(&format!("queue:{lane}"))
}

/// The consumer group of every stream. One consumer name serves all workers, since entries of the dead are found
/// by their idle time.
const GROUP: &str = "workers";
/// See [`GROUP`].
const CONSUMER: &str = "worker";
/// The version of an entry's form.
const ENTRY_VERSION: &str = "1";

/// The command that adds a task's entry.
fn add_entry(pipe: &mut redis::Pipeline, stream: &str, id: TaskId) {
    pipe.cmd("XADD").arg(stream).arg("*").arg("v").arg(ENTRY_VERSION).arg("id").arg(id.to_string());
    pipe.ignore();
}
