use std::fmt;
use std::time::Duration;

use super::address::{address, shown};
use super::{ConfigError, positive, positive_millis};

/// Where PostgreSQL is and how it is used.
#[derive(Clone)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`: `postgres://user:password@host:port/name`. No default.
    pub url: String,
    /// `PROXIE_DATABASE_POOL`: most connections of this process (16).
    pub pool: usize,
    /// `PROXIE_DATABASE_WAIT_MS`: how long a call waits for a connection (1,000).
    pub wait: Duration,
    /// `PROXIE_DATABASE_STATEMENT_MS`: how long one statement may run (10,000).
    pub statement: Duration,
}

impl DatabaseConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            url: address("DATABASE_URL", "the address of PostgreSQL", &["postgres", "postgresql"])?,
            pool: positive("PROXIE_DATABASE_POOL", 16)?,
            wait: positive_millis("PROXIE_DATABASE_WAIT_MS", 1_000)?,
            statement: positive_millis("PROXIE_DATABASE_STATEMENT_MS", 10_000)?,
        })
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("url", &shown(&self.url))
            .field("pool", &self.pool)
            .field("wait", &self.wait)
            .field("statement", &self.statement)
            .finish()
    }
}
