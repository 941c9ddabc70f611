//! A transaction that lends its connection: what asks a [`Db`] for one joins it.

use std::sync::Arc;

use diesel_async::{AnsiTransactionManager, TransactionManager};
use tokio::sync::Mutex;

use super::{Conn, Db, Pooled};
use crate::error::Result;

/// A transaction that has begun. Dropped without [`Transaction::commit`], it is rolled back with its connection.
///
/// Functions that take their connection from a [`Db`] and run transactions of their own take part by
/// [`Transaction::db`]: theirs become savepoints, and stand or fall with this one.
pub struct Transaction {
    db: Db,
}

impl Transaction {
    /// Begins one.
    ///
    /// # Errors
    /// `unavailable` when there is no connection in time.
    pub async fn begin(db: &Db) -> Result<Self> {
        let mut conn = db.conn().await?;
        AnsiTransactionManager::begin_transaction(&mut *conn).await?;
        Ok(Self { db: db.lent(Arc::new(Mutex::new(conn))) })
    }

    /// The connection, for statements that take part. Who has it must give it back before another asks.
    ///
    /// # Errors
    /// `internal` while somebody has it.
    pub async fn conn(&self) -> Result<Pooled> {
        self.db.conn().await
    }

    /// A database whose every connection is this transaction's.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Ends it: all that was done in it stays.
    ///
    /// # Errors
    /// When the database refuses or is away; nothing of it stays, or an answer was lost.
    pub async fn commit(self) -> Result<()> {
        let mut conn = self.conn().await?;
        let conn: &mut Conn = &mut conn;
        Ok(AnsiTransactionManager::commit_transaction(conn).await?)
    }
}
