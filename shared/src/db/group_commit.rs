//! Many callers, one transaction.
//!
//! A durable commit costs a disk flush whatever its size, so under load one statement for many rows multiplies
//! what the database can take.

use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Conn, Db};
use crate::batch::Batch;
use crate::error::{Code, Error, Result};

/// One statement for many items; answers come back to each caller.
pub struct GroupCommit<I, O>(Batch<I, Result<O>>);

impl<I: Clone + Send + Sync + 'static, O: Send + 'static> GroupCommit<I, O> {
    /// Starts flushing up to `most` items at a time, `at_once` times at once, with `flush`, which answers each in order.
    /// Ends when the last handle is dropped. Must be called inside a tokio runtime.
    pub fn start<F>(db: Db, most: usize, at_once: usize, flush: F) -> Self
    where
        F: for<'c> Fn(&'c mut Conn, Vec<I>) -> BoxFuture<'c, Result<Vec<Result<O>>>> + Send + Sync + 'static,
    {
        let flush = Arc::new(flush);
        Self(Batch::start(most, at_once, move |items| {
            let (db, flush) = (db.clone(), Arc::clone(&flush));
            async move { flush_all(&db, flush.as_ref(), items).await }
        }))
    }

    /// Hands an item over and waits for its answer. Of a caller who stops waiting, an item that has not been sent yet is
    /// dropped; one that has goes on.
    ///
    /// # Errors
    /// `unavailable` when too many wait or the database is away; else what the flush answered.
    pub async fn submit(&self, item: I) -> Result<O> {
        self.0.submit(item).await.unwrap_or_else(|| Err(Error::new(Code::Unavailable)))
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
