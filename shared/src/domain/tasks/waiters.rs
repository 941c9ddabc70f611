//! Long polls: one subscription of the process wakes those who wait, so that waiting costs no queries.
//!
//! While the subscription is down, one query a second looks for all of them together; when it is back, one more
//! finds what ended in between.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics::gauge;
use tokio::sync::{Notify, watch};

use crate::db::{self, Db};
use crate::error::Result;
use crate::model::TaskId;
use crate::queue::{Heard, Queue, Signal, listen};

/// How often the waiting tasks are looked for all the same: a signal may be lost, a connection dead without a sign.
const NET: Duration = Duration::from_secs(5);
/// How often the waiting tasks are looked for while no signals arrive.
const SLOW: Duration = Duration::from_secs(1);

/// Who waits for which task.
#[derive(Clone, Default)]
pub struct Waiters {
    waiting: Arc<Mutex<HashMap<TaskId, Waiting>>>,
    released: Arc<AtomicBool>,
}

struct Waiting {
    notify: Arc<Notify>,
    count: usize,
}

impl Waiters {
    /// Starts to listen.
    #[must_use]
    pub fn start(queue: &Queue) -> Self {
        let waiters = Self::default();
        let (connected, connection) = watch::channel(false);
        let heard = waiters.clone();
        tokio::spawn(listen(queue.redis.clone(), Signal::Ended, move |what| match what {
            Heard::Task(id) => heard.wake(id),
            Heard::Connected => {
                connected.send_if_modified(|is| !std::mem::replace(is, true));
            }
            Heard::Disconnected => {
                connected.send_if_modified(|is| std::mem::replace(is, false));
            }
        }));
        tokio::spawn(waiters.clone().look(queue.db.clone(), connection));
        waiters
    }

    /// Waits for a task until the guard is dropped.
    #[must_use]
    pub fn register(&self, id: TaskId) -> Waiter {
        let mut waiting = self.lock();
        let entry =
            waiting.entry(id).or_insert_with(|| Waiting { notify: Arc::new(Notify::new()), count: 0 });
        entry.count += 1;
        gauge!("proxie_long_polls").increment(1);
        Waiter { waiters: self.clone(), id, notify: Arc::clone(&entry.notify) }
    }

    /// Wakes everybody; from now on nobody waits.
    pub fn release(&self) {
        self.released.store(true, Ordering::SeqCst);
        self.lock().values().for_each(|waiting| waiting.notify.notify_waiters());
    }

    /// Whether nobody waits any more.
    #[must_use]
    pub fn are_released(&self) -> bool {
        self.released.load(Ordering::SeqCst)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TaskId, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, id: TaskId) {
        if let Some(waiting) = self.lock().get(&id) {
            waiting.notify.notify_waiters();
        }
    }

    /// Looks for ended tasks after every change of the connection, every [`NET`], and while it is down every [`SLOW`].
    async fn look(self, db: Db, mut connection: watch::Receiver<bool>) {
        loop {
            let pause = if *connection.borrow_and_update() { NET } else { SLOW };
            // Either the next look is due or the connection changed: both ask for one.
            if let Ok(Err(_)) = tokio::time::timeout(pause, connection.changed()).await {
                return;
            }
            if let Err(error) = self.wake_ended(&db).await {
                tracing::debug!(causes = error.causes(), "waiting tasks could not be looked for");
            }
        }
    }

    async fn wake_ended(&self, db: &Db) -> Result<()> {
        let ids: Vec<TaskId> = self.lock().keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut conn = db.conn().await?;
        for id in db::tasks::ended_of(&mut conn, &ids).await? {
            self.wake(id);
        }
        Ok(())
    }
}

/// A place among those who wait; dropped when the caller leaves.
pub struct Waiter {
    waiters: Waiters,
    id: TaskId,
    notify: Arc<Notify>,
}

impl Waiter {
    /// Resolves at the next sign that the task has ended, from this call on.
    pub fn woken(&self) -> impl Future<Output = ()> + use<> {
        // `notified_owned` counts from its making, not from its first poll.
        Arc::clone(&self.notify).notified_owned()
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        gauge!("proxie_long_polls").decrement(1);
        if let Entry::Occupied(mut entry) = self.waiters.lock().entry(self.id) {
            entry.get_mut().count -= 1;
            if entry.get().count == 0 {
                entry.remove();
            }
        }
    }
}
