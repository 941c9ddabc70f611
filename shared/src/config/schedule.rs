use std::time::Duration;

use super::{ConfigError, positive, positive_millis};

/// How often workers look for what is due: expiries, completions, reminders, matchings to be made again.
#[derive(Clone, Debug)]
pub struct ScheduleConfig {
    /// `PROXIE_SCHEDULE_MS`: how often (5,000).
    pub every: Duration,
    /// `PROXIE_SCHEDULE_BATCH`: how much of each kind at once, at most (200).
    pub batch: i64,
}

impl ScheduleConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            every: positive_millis("PROXIE_SCHEDULE_MS", 5_000)?,
            batch: positive("PROXIE_SCHEDULE_BATCH", 200)?,
        })
    }
}
