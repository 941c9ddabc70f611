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
use tokio::sync::{oneshot, watch};

/// Why a task in hand is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its owner cancelled it, or another worker has it.
    Lost,
    /// This worker stops.
    HandBack,
}

/// While no signals arrive, cancelled tasks are looked for so often.
const LOOK: Duration = Duration::from_secs(1);

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
        let (connected, connection) = watch::channel(false);
        let heard = self.clone();
        let hear = listen(queue.redis.clone(), Signal::Cancelled, move |what| match what {
            Heard::Task(id) => heard.stop(id, Stop::Lost),
            Heard::Connected => drop(connected.send_replace(true)),
            Heard::Disconnected => drop(connected.send_replace(false)),
        });
        let renew = async {
            // A connection of its own: leases must not wait behind a thousand tasks.
            let mut conn = None;
            loop {
                // Without signals, a renewal that is refused is how a cancelled task is noticed.
                let pause = if *connection.borrow() { config.renew } else { config.renew.min(LOOK) };
                tokio::time::sleep(pause).await;
                if let Err(error) = self.renew(&queue, &mut conn, config.lease).await {
                    conn = None;
                    tracing::warn!(causes = error.causes(), "leases were not renewed");
                }
            }
        };
        tokio::join!(hear, renew);
    }

    async fn renew(&self, queue: &Queue, own: &mut Option<Conn>, lease: Duration) -> Result<()> {
        let held: Vec<(TaskId, i32)> = self.lock().iter().map(|(id, held)| (*id, held.claim_no)).collect();
        if held.is_empty() {
            return Ok(());
        }
        let conn = match own {
            Some(conn) => conn,
            None => own.insert(queue.db.own_conn().await?),
        };
        let renewed = db::tasks::renew(conn, &held, lease).await?;
        let renewed: std::collections::HashSet<TaskId> = renewed.into_iter().collect();
        for (id, claim_no) in held.into_iter().filter(|(id, _)| !renewed.contains(id)) {
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
