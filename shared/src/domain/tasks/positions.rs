//! How many tasks wait before one: the head of each queue, read at most once in two seconds.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crate::db::{self, Db};
use crate::error::{Code, Error, Result};
use crate::model::TaskId;
use crate::model::tasks::{Task, TaskKind};

/// How old an answer may be.
const TTL: Duration = Duration::from_secs(2);
/// Positions are counted up to here.
const MOST: i64 = 1_000;

/// The heads of the queues.
pub struct Positions {
    db: Db,
    heads: Cache<TaskKind, Arc<HashMap<TaskId, i64>>>,
}

impl Positions {
    /// Reads from this database.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self { db, heads: Cache::builder().time_to_live(TTL).build() }
    }

    /// How many tasks of its kind wait before `task`, at most 1,000.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of(&self, task: &Task) -> Result<i64> {
        let head = self
            .heads
            .try_get_with(task.kind, self.head(task.kind))
            .await
            .map_err(|error: Arc<Error>| Error::new(Code::Unavailable).because(error.to_string()))?;
        // One that is not in the head came after it.
        Ok(head.get(&task.id).copied().unwrap_or(head.len() as i64))
    }

    async fn head(&self, kind: TaskKind) -> Result<Arc<HashMap<TaskId, i64>>> {
        let mut conn = self.db.conn().await?;
        let waiting = db::tasks::waiting(&mut conn, kind, MOST).await?;
        Ok(Arc::new(waiting.into_iter().zip(0..).collect()))
    }
}
