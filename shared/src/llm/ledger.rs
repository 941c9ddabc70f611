//! What calls came to is written behind them: nobody waits for it, and it is not lost while the process lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::{mpsc, watch};

use crate::db::usage::Entry;
use crate::db::{self, Db};
use crate::error::Result;

/// How many entries one statement writes.
const TOGETHER: usize = 128;
/// The longest pause while PostgreSQL is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Writes entries in their order.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    entries: mpsc::UnboundedSender<Entry>,
    posted: Arc<AtomicU64>,
    written: watch::Receiver<u64>,
}

impl Ledger {
    /// Must be called inside a tokio runtime. Writes until the last handle is dropped.
    pub(super) fn start(db: Db) -> Self {
        let (entries, queue) = mpsc::unbounded_channel();
        let (count, written) = watch::channel(0);
        tokio::spawn(write_all(db, queue, count));
        Self { entries, posted: Arc::default(), written }
    }

    /// Hands an entry over.
    pub(super) fn post(&self, entry: Entry) {
        self.posted.fetch_add(1, Ordering::SeqCst);
        if self.entries.send(entry).is_err() {
            tracing::error!("what a call came to is lost: nobody writes it down any more");
        }
    }

    /// Waits until all is written that was handed over before.
    pub(super) async fn flush(&self) {
        let posted = self.posted.load(Ordering::SeqCst);
        let mut written = self.written.clone();
        let _ended = written.wait_for(|written| *written >= posted).await;
    }
}

async fn write_all(db: Db, mut queue: mpsc::UnboundedReceiver<Entry>, count: watch::Sender<u64>) {
    let mut entries = Vec::new();
    while queue.recv_many(&mut entries, TOGETHER).await > 0 {
        write(&db, &entries).await;
        let many = entries.len() as u64;
        count.send_modify(|written| *written += many);
        entries.clear();
    }
}

/// Writes entries, however long PostgreSQL is away. One that cannot be written takes no other with it.
async fn write(db: &Db, entries: &[Entry]) {
    let mut pauses = pauses();
    loop {
        match write_once(db, entries).await {
            Ok(()) => return,
            Err(error) if error.is_transient() => {
                tracing::warn!(causes = error.causes(), "what calls came to waits to be written");
                tokio::time::sleep(pauses.next().unwrap_or(LONGEST_PAUSE)).await;
            }
            Err(error) if entries.len() == 1 => {
                tracing::error!(causes = error.causes(), entry = ?entries[0], "what a call came to cannot be written");
                return;
            }
            Err(error) => {
                tracing::warn!(causes = error.causes(), "what calls came to is written one by one");
                for entry in entries {
                    Box::pin(write(db, std::slice::from_ref(entry))).await;
                }
                return;
            }
        }
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(LONGEST_PAUSE)
        .without_max_times()
        .with_jitter()
        .build()
}

async fn write_once(db: &Db, entries: &[Entry]) -> Result<()> {
    db::usage::write(&mut *db.conn().await?, entries).await
}
