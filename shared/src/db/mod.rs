//! PostgreSQL, the truth: the pool, and the queries of each noun in a file of its own.
//!
//! What is hot is written as a [`statement!`](statement) (prepared once a connection) and, where many do
//! the same at once, sent together: a [`GroupCommit`], or a [`Together`](together::Together) where one may stick.

pub mod accounts;
pub mod audit;
pub mod availability;
pub mod bookings;
pub mod catalog;
pub mod chat;
pub mod consumers;
pub mod drafts;
pub mod enrollment;
pub mod erasure;
pub mod export;
mod group_commit;
pub mod idempotency;
pub mod import;
pub mod leads;
pub mod licences;
pub mod live;
pub(crate) mod locks;
pub mod matching;
pub mod media;
pub mod memory;
pub mod migrations;
pub mod notifications;
pub mod offers;
pub(crate) mod owned;
mod pooled;
pub mod providers;
pub mod reputation;
pub mod requests;
pub mod reviews;
pub mod schema;
pub(crate) mod statement;
pub mod steps;
pub mod sweep;
pub mod tasks;
mod together;
mod transaction;
pub mod usage;
pub mod users;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
pub use group_commit::GroupCommit;
pub use pooled::Pooled;
use tokio::sync::Mutex;
use tokio::time::timeout;
pub use transaction::Transaction;

use crate::config::DatabaseConfig;
use crate::error::{Code, Error, Result};

/// A connection, of the pool or of its own. What borrows it shared can be sent together with other statements
/// ([`futures::try_join`]): one wait for all their answers.
pub type Conn = AsyncPgConnection;

/// How long a connection outside the pool may take to be made.
const OWN: Duration = Duration::from_secs(5);

/// The pool of connections of this process, or one connection of a [`Transaction`] that all work goes through.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Conn>,
    url: String,
    lent: Option<Arc<Mutex<Pooled>>>,
}

impl Db {
    /// A pool that connects when it is first needed.
    #[must_use]
    pub fn new(config: &DatabaseConfig) -> Self {
        let url = with_limits(config);
        let mut manager = ManagerConfig::default();
        // The default asks the server before every use: a round trip per call.
        manager.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::new_with_config(url.clone(), manager);
        let pool = Pool::builder(manager)
            .max_size(config.pool)
            .runtime(deadpool::Runtime::Tokio1)
            .wait_timeout(Some(config.wait))
            .create_timeout(Some(config.wait))
            .build();
        #[allow(clippy::expect_used, reason = "start-up: fails only where timeouts lack a runtime")]
        let pool = pool.expect("the pool has a runtime");
        Self { pool, url, lent: None }
    }

    /// The same database, through this connection alone.
    fn lent(&self, conn: Arc<Mutex<Pooled>>) -> Self {
        Self { lent: Some(conn), ..self.clone() }
    }

    /// A connection of the pool, or the transaction's.
    ///
    /// # Errors
    /// `unavailable` when there is none in time; `internal` when the transaction's is asked for a second time at once.
    pub async fn conn(&self) -> Result<Pooled> {
        let Some(lent) = &self.lent else { return Ok(Pooled::new(self.pool.get().await?)) };
        let conn = Arc::clone(lent).try_lock_owned();
        conn.map(Pooled::lent).map_err(|taken| Error::new(Code::Internal).because(taken))
    }

    /// Whether all work goes through a transaction's connection.
    pub(crate) fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// A connection outside the pool, for what holds it long.
    ///
    /// # Errors
    /// `unavailable` when PostgreSQL cannot be reached.
    pub async fn own_conn(&self) -> Result<Conn> {
        // The address limits how long connecting takes, and not what is said then.
        match timeout(OWN, AsyncPgConnection::establish(&self.url)).await {
            Ok(made) => made.map_err(|error| Error::new(Code::Unavailable).because(error)),
            Err(late) => Err(Error::new(Code::Unavailable).because(late)),
        }
    }

    /// How many connections the pool has now.
    #[must_use]
    pub fn connections(&self) -> Connections {
        let status = self.pool.status();
        Connections { busy: status.size.saturating_sub(status.available), idle: status.available }
    }

    /// Whether PostgreSQL answers in this time.
    ///
    /// # Errors
    /// `unavailable` if it does not.
    pub async fn ping(&self, limit: Duration) -> Result<()> {
        let asked = async { Ok(self.conn().await?.batch_execute("SELECT 1").await?) };
        timeout(limit, asked).await.unwrap_or_else(|late| Err(Error::new(Code::Unavailable).because(late)))
    }
}

/// Connections of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// In use.
    pub busy: usize,
    /// Open and free.
    pub idle: usize,
}

/// Tries again while PostgreSQL is away, with growing pauses, up to half a minute.
///
/// # Errors
/// The last one.
pub async fn retry<T, F: Future<Output = Result<T>>>(work: impl FnMut() -> F) -> Result<T> {
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(18)
        .with_jitter();
    work.retry(pauses).when(Error::is_transient).await
}

/// Limits that every connection has from its first moment on. Plans are generic: hot statements take arrays, and for
/// a short one PostgreSQL would rather plan anew each time, which costs more than the statement itself. None is compiled
/// (`jit`) or shared among processes: that takes longer than any of them runs.
fn with_limits(config: &DatabaseConfig) -> String {
    let separator = if config.url.contains('?') { '&' } else { '?' };
    let seconds = config.wait.max(Duration::from_secs(1)).as_secs();
    // A process that is frozen in the middle of a transaction must not keep its locks; nor a call that was given up.
    let silence = config.statement.as_millis() / 2;
    // A server that is gone without a word, or behind a broken path, is given up after some seconds.
    format!(
        "{}{separator}connect_timeout={seconds}&keepalives_idle=10&keepalives_interval=3&keepalives_retries=3\
         &tcp_user_timeout=15&options=-c%20statement_timeout%3D{}\
         %20-c%20idle_in_transaction_session_timeout%3D{silence}\
         %20-c%20lock_timeout%3D{}\
         %20-c%20client_connection_check_interval%3D1000\
         %20-c%20plan_cache_mode%3Dforce_generic_plan\
         %20-c%20jit%3Doff%20-c%20max_parallel_workers_per_gather%3D0",
        config.url,
        config.statement.as_millis(),
        // Half of the time that a statement has; a call's key is waited for so long (§3: 5 s).
        silence,
    )
}
