//! Many callers, one transaction: what arrives while a flush is under way goes out with the next.
//!
//! A durable commit costs a disk flush whatever its size, so under load one statement for many rows multiplies
//! what the database can take, and when idle the first caller is flushed at once: nobody waits for company.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{Conn, Db};
use crate::error::{Code, Error, Result};

/// How many may wait; more are refused as `unavailable` rather than kept waiting for ever.
const QUEUE: usize = 8_192;
/// Flushes at once: while some wait for the disk the next is being filled and sent. PostgreSQL flushes them together.
const FLUSHES: usize = 4;

type Waiting<I, O> = (I, oneshot::Sender<Result<O>>);

/// One statement for many items; answers come back to each caller.
pub struct GroupCommit<I, O> {
    waiting: mpsc::Sender<Waiting<I, O>>,
}

impl<I, O> Clone for GroupCommit<I, O> {
    fn clone(&self) -> Self {
        Self { waiting: self.waiting.clone() }
    }
}

impl<I: Clone + Send + Sync + 'static, O: Send + 'static> GroupCommit<I, O> {
    /// Starts flushing up to `most` items at a time with `flush`, which answers each in order.
    /// Ends when the last handle is dropped.
    pub fn start<F>(db: Db, most: usize, flush: F) -> Self
    where
        F: for<'c> Fn(&'c mut Conn, Vec<I>) -> BoxFuture<'c, Result<Vec<Result<O>>>> + Send + Sync + 'static,
    {
        let (waiting, mut queue) = mpsc::channel::<Waiting<I, O>>(QUEUE);
        let flush = Arc::new(flush);
        let flushes = Arc::new(Semaphore::new(FLUSHES));
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while let Ok(permit) = Arc::clone(&flushes).acquire_owned().await {
                if queue.recv_many(&mut batch, most).await == 0 {
                    break;
                }
                // Who has left was told that nothing was done, or asked no more: then nothing is.
                batch.retain(|(_, caller)| !caller.is_closed());
                if batch.is_empty() {
                    continue;
                }
                let (items, callers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
                let (db, flush) = (db.clone(), Arc::clone(&flush));
                tokio::spawn(async move {
                    let answers = flush_all(&db, flush.as_ref(), items).await;
                    for (caller, answer) in callers.into_iter().zip(answers) {
                        // A caller that left does not need its answer.
                        let _gone = caller.send(answer);
                    }
                    drop(permit);
                });
            }
        });
        Self { waiting }
    }

    /// Hands an item over and waits for its answer. Of a caller who stops waiting, an item that has not been sent yet is
    /// dropped; one that has goes on.
    ///
    /// # Errors
    /// `unavailable` when too many wait or the database is away; else what the flush answered.
    pub async fn submit(&self, item: I) -> Result<O> {
        let (caller, answer) = oneshot::channel();
        self.waiting.try_send((item, caller)).map_err(|_| Error::new(Code::Unavailable))?;
        answer.await.map_err(|_| Error::new(Code::Unavailable))?
    }
}

async fn flush_all<I, O, F>(db: &Db, flush: &F, items: Vec<I>) -> Vec<Result<O>>
where
    I: Clone + Send,
    F: for<'c> Fn(&'c mut Conn, Vec<I>) -> BoxFuture<'c, Result<Vec<Result<O>>>>,
{
    match flush_once(db, flush, items.clone()).await {
        Ok(answers) => answers,
        Err(error) if error.is_transient() || items.len() == 1 => {
            let mut error = Some(error);
            items.iter().map(|_| Err(error.take().unwrap_or_else(|| Error::new(Code::Unavailable)))).collect()
        }
        // One bad item must not take the others with it: each alone.
        Err(error) => {
            tracing::warn!(error = %error, causes = error.causes(), "a group commit failed; its items go alone");
            let mut answers = Vec::with_capacity(items.len());
            for item in items {
                let alone = flush_once(db, flush, vec![item]).await;
                answers.push(alone.and_then(|mut answers| {
                    answers.pop().unwrap_or_else(|| Err(Error::new(Code::Internal)))
                }));
            }
            answers
        }
    }
}

async fn flush_once<I, O, F>(db: &Db, flush: &F, items: Vec<I>) -> Result<Vec<Result<O>>>
where
    F: for<'c> Fn(&'c mut Conn, Vec<I>) -> BoxFuture<'c, Result<Vec<Result<O>>>>,
{
    let mut conn = db.conn().await?;
    flush(&mut conn, items).await
}
