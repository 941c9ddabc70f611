use std::time::Duration;

use super::{ConfigError, millis, parsed, positive, positive_millis, wrong};

/// How tasks are claimed, kept, retried and relayed.
#[derive(Clone, Debug)]
pub struct TasksConfig {
    /// `PROXIE_TASK_LEASE_MS`: how long a claim holds without renewal (15,000).
    pub lease: Duration,
    /// `PROXIE_TASK_RENEW_MS`: how often claims in hand are renewed (5,000).
    pub renew: Duration,
    /// `PROXIE_TASK_MAX_CLAIMS`: how often a task is tried (5).
    pub max_claims: i32,
    /// `PROXIE_TASK_TIMEOUT_MS`: how long one attempt may take (300,000).
    pub timeout: Duration,
    /// `PROXIE_TASK_BACKOFF_MS`: the first pause before a retry; doubles each time (1,000).
    pub backoff: Duration,
    /// `PROXIE_TASK_BACKOFF_MAX_MS`: the longest such pause (60,000).
    pub backoff_max: Duration,
    /// `PROXIE_RELAY_MS`: how often the relay looks for lost entries (1,000).
    pub relay: Duration,
    /// `PROXIE_CHAT_CONCURRENCY`: messages that one worker answers at once (1,000).
    pub chat_concurrency: usize,
    /// `PROXIE_JOBS_CONCURRENCY`: other tasks that one worker runs at once (64).
    pub jobs_concurrency: usize,
    /// `PROXIE_SHUTDOWN_MS`: how long a worker that is told to stop lets tasks finish (25,000).
    pub shutdown: Duration,
}

impl TasksConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let config = Self {
            lease: positive_millis("PROXIE_TASK_LEASE_MS", 15_000)?,
            renew: positive_millis("PROXIE_TASK_RENEW_MS", 5_000)?,
            max_claims: positive("PROXIE_TASK_MAX_CLAIMS", 5)?,
            timeout: positive_millis("PROXIE_TASK_TIMEOUT_MS", 300_000)?,
            backoff: millis("PROXIE_TASK_BACKOFF_MS", 1_000)?,
            backoff_max: millis("PROXIE_TASK_BACKOFF_MAX_MS", 60_000)?,
            relay: positive_millis("PROXIE_RELAY_MS", 1_000)?,
            chat_concurrency: parsed("PROXIE_CHAT_CONCURRENCY", 1_000)?,
            jobs_concurrency: parsed("PROXIE_JOBS_CONCURRENCY", 64)?,
            shutdown: millis("PROXIE_SHUTDOWN_MS", 25_000)?,
        };
        if config.renew * 2 > config.lease {
            return Err(wrong("PROXIE_TASK_RENEW_MS", "it must be at most half of PROXIE_TASK_LEASE_MS"));
        }
        Ok(config)
    }
}
