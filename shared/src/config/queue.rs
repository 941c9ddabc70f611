use std::fmt;
use std::time::Duration;

use super::address::{address, shown};
use super::{ConfigError, parsed, positive_millis};

/// Where Redis is and how it is used.
#[derive(Clone)]
pub struct RedisConfig {
    /// `REDIS_URL`: `redis://host:port/db`. No default.
    pub url: String,
    /// `PROXIE_REDIS_PREFIX`: begins every key (`proxie:`), so that one Redis can serve several.
    pub prefix: String,
    /// `PROXIE_REDIS_TIMEOUT_MS`: how long a command may take, connecting included (500).
    pub timeout: Duration,
}

impl RedisConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            url: address("REDIS_URL", "the address of Redis", &["redis", "rediss", "redis+unix", "unix"])?,
            prefix: parsed("PROXIE_REDIS_PREFIX", "proxie:".to_owned())?,
            timeout: positive_millis("PROXIE_REDIS_TIMEOUT_MS", 500)?,
        })
    }
}

impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConfig")
            .field("url", &shown(&self.url))
            .field("prefix", &self.prefix)
            .field("timeout", &self.timeout)
            .finish()
    }
}
