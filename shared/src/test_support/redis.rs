//! A part of Redis for one test.

use std::time::Duration;

use ::redis::FromRedisValue;

use super::clerk::{Rubbish, clerk};
use super::required;
use crate::config::RedisConfig;

/// All keys below a prefix, for one test; gone when this is dropped.
#[derive(Debug)]
pub struct TestRedis {
    url: String,
    prefix: String,
    /// Whether the keys are to be deleted.
    shared: bool,
}

impl TestRedis {
    /// A prefix on the server of `REDIS_URL`.
    ///
    /// # Panics
    /// When there is no such server.
    #[must_use]
    pub fn create() -> Self {
        Self { url: required("REDIS_URL"), prefix: clerk().prefix(), shared: true }
    }

    /// A server of the test's own, which goes away with what is in it.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), prefix: "proxie:".to_owned(), shared: false }
    }

    /// The same, under a longer prefix.
    #[must_use]
    pub fn below(mut self, name: &str) -> Self {
        self.prefix.push_str(name);
        self
    }

    /// How the product would be told to use it.
    #[must_use]
    pub fn config(&self) -> RedisConfig {
        RedisConfig { url: self.url.clone(), prefix: self.prefix.clone(), timeout: Duration::from_secs(1) }
    }

    /// The full name of a key.
    #[must_use]
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Runs a command, over a connection of its own.
    ///
    /// # Panics
    /// When Redis is away or refuses.
    pub async fn command<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let client = ::redis::Client::open(self.url.as_str()).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("the test's Redis");
        let (name, arguments) = words.split_first().expect("a command");
        let mut command = ::redis::cmd(name);
        command.arg(arguments);
        command.query_async(&mut connection).await.unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        if self.shared {
            clerk().remove(Rubbish::Keys(std::mem::take(&mut self.prefix)));
        }
    }
}
