//! The fetcher of a lane: reads ids, claims their tasks, acknowledges, hands over.
//!
//! It never reads more than there are free slots, so nothing is in hand that cannot run. Errors are met with a
//! pause and a new try; they never touch what is running.

use std::sync::Arc;
use std::time::Duration;

use apalis_core::worker::context::WorkerContext;
use redis::aio::MultiplexedConnection;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{AsyncConnectionConfig, Pipeline, RedisResult, Value};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use super::backend::{Inbox, Job};
use super::redis_link::REST;
use super::{CONSUMER, GROUP, Queue, Redis, stream};
use crate::config::TasksConfig;
use crate::db;
use crate::db::tasks::{Claimed, Pause};
use crate::error::Result;
use crate::model::TaskId;
use crate::model::tasks::Lane;

/// The most entries of one read, and tasks of one claim.
const BATCH: usize = 128;
/// How long a read waits for entries; also how late a shutdown may be noticed.
const BLOCK: Duration = Duration::from_millis(250);
/// The pauses after errors: the first, and the longest.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// How many garbled entries are kept for an operator to look at.
const DEAD: usize = 10_000;

/// Where a fetcher reads from and in whose name it claims.
pub struct Source {
    queue: Queue,
    lane: Lane,
    worker: String,
    tasks: TasksConfig,
    slots: Arc<Semaphore>,
}

impl Source {
    /// A lane of the queue, for a worker of this name.
    #[must_use]
    pub fn new(queue: Queue, lane: Lane, worker: String, tasks: TasksConfig) -> Self {
        let slots = match lane {
            Lane::Chat => tasks.chat_concurrency,
            Lane::Jobs => tasks.jobs_concurrency,
        };
        Self { queue, lane, worker, tasks, slots: Arc::new(Semaphore::new(slots)) }
    }

    async fn claim(&self, ids: Vec<TaskId>) -> Result<Vec<Claimed>> {
        let mut conn = self.queue.db.conn().await?;
        let tasks = &self.tasks;
        db::tasks::claim(&mut conn, ids, &self.worker, tasks.lease, tasks.max_claims).await
    }
}

/// Fetches until the worker shuts down, then hands back what was not started.
pub(super) async fn run(source: Arc<Source>, worker: WorkerContext, inbox: Arc<Inbox>) {
    let stream = stream(&source.queue.redis, source.lane);
    let mut reader = Reader { redis: source.queue.redis.clone(), stream, connection: None };
    let mut pause = PAUSE.0;
    // What a dead worker read stays pending; a living one claims within a moment.
    let take_over_every = source.tasks.lease / 2;
    let mut take_over_at = Instant::now() + take_over_every;
    let mut cursor = "0-0".to_owned();

    while !worker.is_shutting_down() {
        let Some(mut slots) = free_slots(&source.slots).await else { continue };
        let read = if Instant::now() >= take_over_at {
            // Also when it fails: reading must go on.
            take_over_at = Instant::now() + take_over_every;
            let taken = reader.take_over(&mut cursor, source.tasks.lease, slots.len()).await;
            if cursor != "0-0" {
                take_over_at = Instant::now();
            }
            taken
        } else {
            reader.read(slots.len()).await
        };
        let entries = match read {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(%error, lane = ?source.lane, "the queue cannot be read; trying again");
                drop(slots);
                sleep(pause).await;
                pause = (pause * 2).min(PAUSE.1);
                continue;
            }
        };
        pause = PAUSE.0;
        if entries.is_empty() {
            continue;
        }
        let ids = entries.iter().filter_map(task_id).collect();
        // Unclaimed entries stay pending: should this process die now, another takes them over.
        let Some(claimed) = claim_when_possible(&source, &worker, ids).await else { break };
        claimed.iter().for_each(measure_pickup);
        inbox.put(claimed.into_iter().filter_map(|task| {
            let slot = slots.pop()?;
            Some(Job { task, slot })
        }));
        tokio::spawn(acknowledge(source.queue.redis.clone(), acknowledgement(&reader, &entries)));
    }
    hand_back(&source, inbox.drain()).await;
}

/// At least one slot, as many as are free up to a batch; none within a moment if all are taken.
async fn free_slots(slots: &Arc<Semaphore>) -> Option<Vec<OwnedSemaphorePermit>> {
    let first = timeout(BLOCK, Arc::clone(slots).acquire_owned()).await.ok()?.ok()?;
    let more = std::iter::from_fn(|| Arc::clone(slots).try_acquire_owned().ok());
    Some(std::iter::once(first).chain(more.take(BATCH - 1)).collect())
}

async fn claim_when_possible(
    source: &Source,
    worker: &WorkerContext,
    ids: Vec<TaskId>,
) -> Option<Vec<Claimed>> {
    let mut pause = PAUSE.0;
    loop {
        match source.claim(ids.clone()).await {
            Ok(claimed) => return Some(claimed),
            Err(_) if worker.is_shutting_down() => return None,
            Err(error) => {
                tracing::warn!(causes = error.causes(), "PostgreSQL is away; claims wait");
                sleep(pause).await;
                pause = (pause * 2).min(PAUSE.1);
            }
        }
    }
}

/// Records how long a task has waited for its first claim, by the database's clock. Later ones wait for a pause.
fn measure_pickup(task: &Claimed) {
    if task.claim_no == 1 {
        let waited = (task.updated_at - task.created_at).to_std().unwrap_or_default();
        metrics::histogram!("proxie_task_pickup_seconds", "kind" => <&str>::from(task.kind)).record(waited);
    }
}

async fn hand_back(source: &Source, jobs: Vec<Job>) {
    for job in jobs {
        let back = async {
            let mut conn = source.queue.db.conn().await?;
            db::tasks::pause(&mut conn, &job.task, &Pause::HandBack).await
        };
        match back.await {
            Ok(_) => source.queue.courier.push(source.lane, job.task.id),
            // Its lease runs out and the relay finds it.
            Err(error) => tracing::warn!(task_id = %job.task.id, causes = error.causes(), "not handed back"),
        }
        drop(job.slot);
    }
}

/// The id in an entry, if the entry is of a form that we know.
fn task_id(entry: &StreamId) -> Option<TaskId> {
    match entry.map.get("id")? {
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
        _ => None,
    }
}

/// Acknowledges, as soon as Redis is there: behind an entry that stays the relay takes what was lost for what still waits. Should
/// this process die, it is taken over a lease later; its task refuses a second claim. Said
/// twice, where an answer was lost, it changes nothing but that an operator finds the same rubbish twice.
async fn acknowledge(redis: Redis, acknowledgement: Pipeline) {
    while let Err(error) = redis.run::<()>(&acknowledgement).await {
        tracing::debug!(causes = error.causes(), "entries are not acknowledged yet");
        if !error.is_transient() {
            break;
        }
        sleep(REST).await;
    }
}

/// Acknowledges and deletes entries, and keeps what could not be read where an operator finds it.
fn acknowledgement(reader: &Reader, entries: &[StreamId]) -> Pipeline {
    let mut pipe = Pipeline::new();
    pipe.atomic();
    let dead = reader.redis.key("queue:dead");
    for entry in entries.iter().filter(|entry| task_id(entry).is_none()) {
        tracing::error!(entry = entry.id, stream = reader.stream, "an entry makes no sense; buried");
        pipe.cmd("XADD").arg(&dead).arg("MAXLEN").arg("~").arg(DEAD).arg("*");
        pipe.arg("stream").arg(&reader.stream).arg("entry").arg(format!("{entry:?}")).ignore();
    }
    let ids: Vec<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    pipe.cmd("XACK").arg(&reader.stream).arg(GROUP).arg(&ids).ignore();
    pipe.cmd("XDEL").arg(&reader.stream).arg(&ids).ignore();
    pipe
}

/// A connection of its own for blocking reads: on a shared one they would hold up everybody.
struct Reader {
    redis: Redis,
    stream: String,
    connection: Option<MultiplexedConnection>,
}

impl Reader {
    async fn read(&mut self, most: usize) -> RedisResult<Vec<StreamId>> {
        let mut read = redis::cmd("XREADGROUP");
        read.arg("GROUP").arg(GROUP).arg(CONSUMER).arg("COUNT").arg(most).arg("BLOCK");
        read.arg(BLOCK.as_millis() as u64).arg("STREAMS").arg(&self.stream).arg(">");
        let reply: Option<StreamReadReply> = self.ask(&read).await?;
        Ok(reply.into_iter().flat_map(|r| r.keys).flat_map(|stream| stream.ids).collect())
    }

    async fn take_over(
        &mut self,
        cursor: &mut String,
        idle: Duration,
        most: usize,
    ) -> RedisResult<Vec<StreamId>> {
        let mut take = redis::cmd("XAUTOCLAIM");
        take.arg(&self.stream).arg(GROUP).arg(CONSUMER).arg(idle.as_millis() as u64);
        take.arg(cursor.as_str()).arg("COUNT").arg(most);
        let reply: StreamAutoClaimReply = self.ask(&take).await?;
        *cursor = reply.next_stream_id;
        Ok(reply.claimed)
    }

    async fn ask<T: redis::FromRedisValue>(&mut self, command: &redis::Cmd) -> RedisResult<T> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                let connected = connect(&self.redis, &self.stream).await?;
                self.connection.insert(connected)
            }
        };
        let answer = command.query_async(connection).await;
        if answer.is_err() {
            // Also when the group is gone (Redis was emptied): connecting makes it again.
            self.connection = None;
        }
        answer
    }
}

async fn connect(redis: &Redis, stream: &str) -> RedisResult<MultiplexedConnection> {
    let limits = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(redis.timeout()))
        .set_response_timeout(Some(BLOCK + redis.timeout()));
    let mut connection = redis.client().get_multiplexed_async_connection_with_config(&limits).await?;
    let mut create = redis::cmd("XGROUP");
    create.arg("CREATE").arg(stream).arg(GROUP).arg("0").arg("MKSTREAM");
    match create.query_async::<()>(&mut connection).await {
        Err(error) if error.code() != Some("BUSYGROUP") => Err(error),
        _ => Ok(connection),
    }
}
