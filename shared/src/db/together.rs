//! Many callers, one statement, and each alone where that does not do.
//!
//! A durable commit costs a disk flush whatever its size, and a statement its beginning: under load, one for many multiplies
//! what the database can take. One bad or stuck item must not take the others with it.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::Semaphore;

use super::{Conn, Db};
use crate::batch::Batch;
use crate::error::{Code, Error, Result};

/// How many items one statement takes.
const MOST: usize = 64;
/// Statements at once: what comes meanwhile goes with the next.
const STATEMENTS: usize = 1;
/// How many go alone at once.
const ALONE: usize = 4;
/// How many of them wait for long at once. Each has a connection meanwhile, of which there are few: who is not stuck must neither
/// stand behind those nor be left without one.
const STUCK: usize = 2;

/// How long an item waits for what it needs and somebody holds.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Not for long, as others wait too: those of the same statement, and those behind it.
    Short,
    /// As long as a call waits for the first one with its key (§3).
    Long,
    /// As long as the transaction has it.
    AsIs,
}

impl Patience {
    /// As PostgreSQL's `lock_timeout`, if it is to be another.
    pub const fn lock_timeout(self) -> Option<&'static str> {
        match self {
            Self::Short => Some("100ms"),
            Self::Long => Some("5s"),
            Self::AsIs => None,
        }
    }
}

/// Answers each item in order; nothing of one that must go alone.
type Write<I, O> = dyn for<'c> Fn(&'c mut Conn, Vec<Arc<I>>, Patience) -> BoxFuture<'c, Result<Vec<Option<Result<O>>>>>
    + Send
    + Sync;

/// One statement for many items; answers come back to each caller.
pub struct Together<I, O> {
    batch: Batch<Arc<I>, Option<Result<O>>>,
    alone: Semaphore,
    stuck: Semaphore,
    db: Db,
    write: Arc<Write<I, O>>,
}

impl<I: Send + Sync + 'static, O: Send + 'static> Together<I, O> {
    /// Starts sending items with `write`. Ends when the last handle is dropped. Must be called inside a tokio runtime.
    pub fn start<F>(db: Db, write: F) -> Self
    where
        F: for<'c> Fn(&'c mut Conn, Vec<Arc<I>>, Patience) -> BoxFuture<'c, Result<Vec<Option<Result<O>>>>>
            + Send
            + Sync
            + 'static,
    {
        let write: Arc<Write<I, O>> = Arc::new(write);
        let of_batches = (db.clone(), Arc::clone(&write));
        let batch = Batch::start(MOST, STATEMENTS, move |items| {
            let (db, write) = of_batches.clone();
            async move { write_together(&db, write.as_ref(), items).await }
        });
        Self { batch, alone: Semaphore::new(ALONE), stuck: Semaphore::new(STUCK), db, write }
    }

    /// Hands an item over and waits for its answer. Of a caller who stops waiting, an item that has not been sent yet is
    /// dropped; one that has goes on.
    ///
    /// # Errors
    /// `unavailable` when too many wait or the database is away; else what was answered.
    pub async fn submit(&self, item: I) -> Result<O> {
        let item = Arc::new(item);
        match self.batch.submit(Arc::clone(&item)).await {
            Some(Some(answer)) => answer,
            Some(None) => self.submit_alone(item).await,
            None => Err(Code::Unavailable.into()),
        }
    }

    /// Most that go alone were only in bad company, and are soon through.
    async fn submit_alone(&self, item: Arc<I>) -> Result<O> {
        match self.write_alone(&self.alone, &item, Patience::Short).await {
            Err(error) if error.is_lock_timeout() => {
                self.write_alone(&self.stuck, &item, Patience::Long).await
            }
            answer => answer,
        }
    }

    async fn write_alone(&self, turns: &Semaphore, item: &Arc<I>, patience: Patience) -> Result<O> {
        let _turn = turns.acquire().await.map_err(|closed| Error::from(Code::Internal).because(closed))?;
        let mut conn = self.db.conn().await?;
        let answers = (self.write)(&mut conn, vec![Arc::clone(item)], patience).await?;
        answers.into_iter().next().flatten().unwrap_or_else(|| Err(Code::Internal.into()))
    }
}

async fn write_together<I, O>(db: &Db, write: &Write<I, O>, items: Vec<Arc<I>>) -> Vec<Option<Result<O>>> {
    let many = items.len();
    let answers = async { write(&mut *db.conn().await?, items, Patience::Short).await };
    match answers.await {
        Ok(answers) => answers,
        Err(error) if error.is_transient() && !error.is_lock_timeout() => {
            let mut error = Some(error);
            let away = |_| Some(Err(error.take().unwrap_or_else(|| Code::Unavailable.into())));
            (0..many).map(away).collect()
        }
        Err(error) => {
            tracing::warn!(%error, causes = error.causes(), "items were not written together; they go alone");
            (0..many).map(|_| None).collect()
        }
    }
}
