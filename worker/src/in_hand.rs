//! What this worker has in hand: leases are renewed together, and a task that was cancelled or lost is dropped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use proxie_shared::config::TasksConfig;
use proxie_shared::db::tasks::Claimed;
use proxie_shared::db::{self, Conn};
use proxie_shared::error::Result;
use proxie_shared::model::TaskId;
use proxie_shared::queue::{Heard, Queue, Signal, listen};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

/// Why a task in hand is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its owner cancelled it, or another worker has it.
    Lost,
    /// This worker stops.
    HandBack,
}

/// How often cancelled tasks are looked for: a signal may be lost, and their calls are to end within a second.
const LOOK: Duration = Duration::from_millis(400);

#[derive(Clone, Default)]
pub struct InHand {
    tasks: Arc<Mutex<HashMap<TaskId, Held>>>,
}

struct Held {
    claim_no: i32,
    stop: oneshot::Sender<Stop>,
}

impl InHand {
    fn lock(&self) -> MutexGuard<'_, HashMap<TaskId, Held>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a task in hand until the guard is dropped; the receiver tells when to drop it.
    pub fn take(&self, task: &Claimed) -> (HeldGuard, oneshot::Receiver<Stop>) {
        let (stop, stopped) = oneshot::channel();
        let held = Held { claim_no: task.claim_no, stop };
        // A twin of an older claim is told to stop: this claim is newer.
        if let Some(older) = self.lock().insert(task.id, held) {
            let _already_ended = older.stop.send(Stop::Lost);
        }
        let guard = HeldGuard { in_hand: self.clone(), id: task.id, claim_no: task.claim_no };
        (guard, stopped)
    }

    fn stop(&self, id: TaskId, why: Stop) {
        if let Some(held) = self.lock().remove(&id) {
            let _already_ended = held.stop.send(why);
        }
    }

    /// Tells every task that this worker stops.
    pub fn hand_back_all(&self) {
        for (_, held) in self.lock().drain() {
            let _already_ended = held.stop.send(Stop::HandBack);
        }
    }

    /// Renews leases and hears of cancelled tasks, for as long as the future is polled.
    pub async fn look_after(self, queue: Queue, config: TasksConfig) {
        let heard = self.clone();
        let hear = listen(queue.redis.clone(), Signal::Cancelled, move |what| match what {
            Heard::Task(id) => heard.stop(id, Stop::Lost),
            Heard::Connected | Heard::Disconnected => {}
        });
        let renew = async {
            // A connection of its own: leases must not wait behind a thousand tasks.
            let mut conn = None;
            let mut renew_at = Instant::now() + config.renew;
            loop {
                sleep(LOOK.min(config.renew)).await;
                let lease = (Instant::now() >= renew_at).then_some(config.lease);
                match self.look(&queue, &mut conn, lease).await {
                    Ok(()) if lease.is_some() => renew_at = Instant::now() + config.renew,
                    Ok(()) => {}
                    Err(error) => {
                        conn = None;
                        tracing::warn!(causes = error.causes(), "leases were not renewed");
                    }
                }
            }
        };
        tokio::join!(hear, renew);
    }

    /// Drops what was cancelled or is in another hand; renews the leases of the rest, if one is given.
    async fn look(&self, queue: &Queue, own: &mut Option<Conn>, lease: Option<Duration>) -> Result<()> {
        let held: Vec<(TaskId, i32)> = self.lock().iter().map(|(id, held)| (*id, held.claim_no)).collect();
        if held.is_empty() {
            return Ok(());
        }
        let conn = match own {
            Some(conn) => conn,
            None => own.insert(queue.db.own_conn().await?),
        };
        let still = match lease {
            Some(lease) => db::tasks::renew(conn, &held, lease).await?,
            None => db::tasks::held(conn, &held).await?,
        };
        let still: std::collections::HashSet<TaskId> = still.into_iter().collect();
        for (id, claim_no) in held.into_iter().filter(|(id, _)| !still.contains(id)) {
            let mut tasks = self.lock();
            if tasks.get(&id).is_some_and(|held| held.claim_no == claim_no)
                && let Some(held) = tasks.remove(&id)
            {
                let _already_ended = held.stop.send(Stop::Lost);
            }
        }
        Ok(())
    }
}

/// Lets go of a task when dropped.
pub struct HeldGuard {
    in_hand: InHand,
    id: TaskId,
    claim_no: i32,
}

impl Drop for HeldGuard {
    fn drop(&mut self) {
        let mut tasks = self.in_hand.lock();
        if tasks.get(&self.id).is_some_and(|held| held.claim_no == self.claim_no) {
            tasks.remove(&self.id);
        }
    }
}
