//! The connection to Redis: shared, reconnecting, and quick to say no while Redis is away.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, Pipeline, RedisResult};
use tokio::time::timeout;

use crate::config::RedisConfig;
use crate::error::{Code, Error, Result};

/// After a failure calls fail at once for so long: nobody queues up behind a timeout.
pub(super) const REST: Duration = Duration::from_millis(500);

/// What a server answers that cannot serve at the moment.
const NOT_NOW: [&str; 6] = ["LOADING", "BUSY", "TRYAGAIN", "MASTERDOWN", "READONLY", "CLUSTERDOWN"];

/// Redis as every part of a process shares it.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    manager: ConnectionManager,
    prefix: Arc<str>,
    timeout: Duration,
    health: Arc<Health>,
}

struct Health {
    started: Instant,
    /// Milliseconds since `started` until which calls fail at once.
    resting_until: AtomicU64,
}

impl Redis {
    /// Connects when it is first needed; must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the address is not one.
    pub fn new(config: &RedisConfig) -> Result<Self> {
        let client = Client::open(config.url.as_str())?;
        let manager = manager(&client, config.timeout)?;
        let health = Health { started: Instant::now(), resting_until: AtomicU64::new(0) };
        Ok(Self {
            client,
            manager,
            prefix: config.prefix.as_str().into(),
            timeout: config.timeout,
            health: Arc::new(health),
        })
    }

    /// The same over a connection of its own, which the runtime of this thread looks after.
    #[must_use]
    pub fn with_own_connection(&self) -> Self {
        // One was made of the same settings.
        let manager = manager(&self.client, self.timeout).unwrap_or_else(|_| self.manager.clone());
        Self { manager, ..self.clone() }
    }

    /// The full name of a key or channel.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// How long a command may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// For connections of one's own: blocking reads, subscriptions.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a command.
    ///
    /// # Errors
    /// `unavailable`, at once while Redis is known to be away.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        let mut manager = self.manager.clone();
        self.answer(command.query_async(&mut manager)).await
    }

    /// Runs commands in one round trip.
    ///
    /// # Errors
    /// As [`Self::query`].
    pub async fn run<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T> {
        let mut manager = self.manager.clone();
        self.answer(pipeline.query_async(&mut manager)).await
    }

    /// Whether Redis answers.
    ///
    /// # Errors
    /// `unavailable` if it does not.
    pub async fn ping(&self) -> Result<()> {
        self.query(&redis::cmd("PING")).await
    }

    /// What Redis answers in time. The manager's own limits are of each of its steps: waiting for a connection, making
    /// one, the command.
    async fn answer<T>(&self, asked: impl Future<Output = RedisResult<T>>) -> Result<T> {
        self.awake()?;
        match timeout(self.timeout, asked).await {
            Ok(answer) => answer.map_err(|error| self.refused(error)),
            Err(late) => {
                self.rest();
                Err(Error::new(Code::Unavailable).because(late))
            }
        }
    }

    fn awake(&self) -> Result<()> {
        let now = self.health.started.elapsed().as_millis() as u64;
        if now < self.health.resting_until.load(Ordering::Relaxed) {
            return Err(Error::new(Code::Unavailable));
        }
        Ok(())
    }

    fn refused(&self, error: redis::RedisError) -> Error {
        // A refusal by a server that is there will be the same again; one that it is not yet, or no longer, will not.
        if error.code().is_some_and(|code| !NOT_NOW.contains(&code)) {
            return Error::new(Code::Internal).because(error);
        }
        self.rest();
        error.into()
    }

    fn rest(&self) {
        let until = (self.health.started.elapsed() + REST).as_millis() as u64;
        self.health.resting_until.store(until, Ordering::Relaxed);
    }
}

/// A connection that is made when it is first needed.
fn manager(client: &Client, timeout: Duration) -> RedisResult<ConnectionManager> {
    let limits = ConnectionManagerConfig::new()
        .set_response_timeout(Some(timeout))
        .set_connection_timeout(Some(timeout))
        .set_number_of_retries(1)
        .set_max_delay(Duration::from_millis(250));
    client.get_connection_manager_lazy(limits)
}
