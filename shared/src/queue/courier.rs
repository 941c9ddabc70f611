//! Writes to Redis that nobody waits for: what piles up goes out in one round trip.
//!
//! While Redis is away the courier keeps trying for a while: doubled entries and signals are harmless, copies have
//! versions. What is lost all the same is found again: entries by the relay, copies by their short life, ended tasks
//! by a look at those who wait. So it never blocks a caller, and drops what does not fit.

use std::time::Duration;

use redis::Pipeline;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep};

use super::redis_link::REST;
use super::signals::Signal;
use super::{Redis, add_entry, events, status, stream};
use crate::error::Result;
use crate::model::tasks::{Lane, Task};
use crate::model::{TaskId, UserId};

/// How much may wait; more is dropped.
const QUEUE: usize = 16_384;
/// The most of one round trip.
const BATCH: usize = 512;
/// How long one batch is tried.
const GIVE_UP: Duration = Duration::from_secs(10);

enum Parcel {
    Entry(Lane, TaskId),
    Copy(Box<Task>),
    End(Box<Task>),
    Forget(UserId, TaskId),
    Close(UserId, TaskId),
    HandOn(UserId, UserId, TaskId),
    Signal(Signal, TaskId),
    Flush(oneshot::Sender<()>),
}

/// Hands writes over to a background task.
#[derive(Clone)]
pub struct Courier {
    parcels: mpsc::Sender<Parcel>,
}

impl Courier {
    /// Starts the background task; it ends with the last handle.
    #[must_use]
    pub fn start(redis: Redis) -> Self {
        let (parcels, queue) = mpsc::channel(QUEUE);
        tokio::spawn(deliver(redis, queue));
        Self { parcels }
    }

    /// A courier that keeps what it is given until it is [released](Kept::release): for what is told of a transaction
    /// that has not ended.
    #[must_use]
    pub fn keeping() -> (Self, Kept) {
        let (parcels, kept) = mpsc::channel(QUEUE);
        (Self { parcels }, Kept(kept))
    }

    /// Puts a task's entry into its lane.
    pub fn push(&self, lane: Lane, id: TaskId) {
        self.hand_over(Parcel::Entry(lane, id));
    }

    /// Refreshes the copy of a task.
    pub fn copy(&self, task: &Task) {
        self.hand_over(Parcel::Copy(Box::new(task.clone())));
    }

    /// Tells those who follow a task that it has ended.
    pub fn end(&self, task: &Task) {
        self.hand_over(Parcel::End(Box::new(task.clone())));
    }

    /// Takes what was told of a task from those who follow it: it is no more.
    pub fn close(&self, task: &Task) {
        self.hand_over(Parcel::Close(task.user_id, task.id));
    }

    /// Takes what was told of a task along to its new owner.
    pub fn hand_on(&self, task: &Task, to: UserId) {
        self.hand_over(Parcel::HandOn(task.user_id, to, task.id));
    }

    /// Removes the copy of a task.
    pub fn forget(&self, task: &Task) {
        self.hand_over(Parcel::Forget(task.user_id, task.id));
    }

    /// Signals something about a task to every process.
    pub fn signal(&self, signal: Signal, id: TaskId) {
        self.hand_over(Parcel::Signal(signal, id));
    }

    /// Resolves when all that was handed over before has been sent, or given up.
    pub async fn flush(&self) {
        let (sent, flushed) = oneshot::channel();
        if self.parcels.send(Parcel::Flush(sent)).await.is_ok() {
            let _ended = flushed.await;
        }
    }

    fn hand_over(&self, parcel: Parcel) {
        if self.parcels.try_send(parcel).is_err() {
            tracing::debug!("the courier is full; a parcel was dropped");
        }
    }
}

/// What a keeping courier was given.
pub struct Kept(mpsc::Receiver<Parcel>);

impl Kept {
    /// Hands everything over to a courier that delivers.
    pub fn release(mut self, courier: &Courier) {
        while let Ok(parcel) = self.0.try_recv() {
            courier.hand_over(parcel);
        }
    }
}

async fn deliver(redis: Redis, mut queue: mpsc::Receiver<Parcel>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut away = false;
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut pipe = Pipeline::new();
        let mut flushed = Vec::new();
        for parcel in batch.drain(..) {
            match parcel {
                Parcel::Entry(lane, id) => add_entry(&mut pipe, &stream(&redis, lane), id),
                Parcel::Copy(task) => status::write(&mut pipe, &redis, &task),
                Parcel::End(task) => events::end(&mut pipe, &redis, &task),
                Parcel::Close(owner, id) => events::close(&mut pipe, &redis, owner, id),
                Parcel::HandOn(from, to, id) => events::hand_on(&mut pipe, &redis, from, to, id),
                Parcel::Forget(owner, id) => status::forget(&mut pipe, &redis, owner, id),
                Parcel::Signal(signal, id) => signal.publish(&mut pipe, &redis, id),
                Parcel::Flush(sent) => flushed.push(sent),
            }
        }
        let delivered = send(&redis, &pipe).await;
        for sent in flushed {
            let _gone = sent.send(());
        }
        match &delivered {
            Err(error) if !away => {
                tracing::warn!(causes = error.causes(), "Redis is away; what it misses is relayed later");
            }
            Ok(()) if away => tracing::info!("Redis is back"),
            _ => {}
        }
        away = delivered.is_err();
    }
}

/// Sends until Redis takes it, refuses it, or [`GIVE_UP`] is over.
async fn send(redis: &Redis, pipe: &Pipeline) -> Result<()> {
    if pipe.is_empty() {
        return Ok(());
    }
    let give_up = Instant::now() + GIVE_UP;
    loop {
        match redis.run::<()>(pipe).await {
            Err(error) if error.is_transient() && Instant::now() < give_up => sleep(REST).await,
            sent => return sent,
        }
    }
}
