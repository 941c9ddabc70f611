//! A transaction together with what is to be told once it has ended well.

use diesel_async::SimpleAsyncConnection;

use super::{Courier, Kept, Queue};
use crate::db::{Pooled, Transaction};
use crate::error::Result;

/// Work that happens as a whole: what takes its connection and its queue from here joins one transaction, and the
/// tasks it makes are told of when that has ended well. Dropped without [`UnitOfWork::commit`], nothing has happened.
pub struct UnitOfWork {
    transaction: Transaction,
    queue: Queue,
    kept: Kept,
    courier: Courier,
}

impl UnitOfWork {
    /// Begins one.
    ///
    /// # Errors
    /// `unavailable` when there is no connection in time.
    pub async fn begin(queue: &Queue) -> Result<Self> {
        let transaction = Transaction::begin(&queue.db).await?;
        let (courier, kept) = Courier::keeping();
        let joined = Queue { db: transaction.db().clone(), redis: queue.redis.clone(), courier };
        Ok(Self { transaction, queue: joined, kept, courier: queue.courier.clone() })
    }

    /// The transaction's connection; to be given back before another asks.
    ///
    /// # Errors
    /// `internal` while somebody has it.
    pub async fn conn(&self) -> Result<Pooled> {
        self.transaction.conn().await
    }

    /// A queue whose reads and writes join, and which tells nothing before the end.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// A part that may be refused: what it did before that goes, unless it had come to an end of its own, as when it names
    /// other slots in place of one that is taken.
    ///
    /// # Errors
    /// The part's own; when the database is away.
    pub async fn attempt<T>(&self, part: impl Future<Output = Result<T>>) -> Result<T> {
        self.conn().await?.batch_execute("SAVEPOINT part").await?;
        let done = part.await;
        let mut conn = self.conn().await?;
        // A statement that failed outside of a transaction of the part's own has spoilt everything up to here.
        if conn.batch_execute("RELEASE SAVEPOINT part").await.is_err() {
            conn.batch_execute("ROLLBACK TO SAVEPOINT part").await?;
        }
        done
    }

    /// Ends it: all of it stays, and is told.
    ///
    /// # Errors
    /// When the database refuses or is away; nothing of it stays, or an answer was lost.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        self.kept.release(&self.courier);
        Ok(())
    }
}
