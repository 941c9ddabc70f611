use tracing_subscriber::EnvFilter;

use super::{ConfigError, parsed, wrong};

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `PROXIE_LOG_FORMAT`: `json`, one object a line (the default), or `text` for people.
    pub format: LogFormat,
    /// `RUST_LOG`: directives of tracing's `EnvFilter` (`info`).
    pub filter: String,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum LogFormat {
    /// One object a line.
    Json,
    /// For people.
    Text,
}

impl LogConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let format: String = parsed("PROXIE_LOG_FORMAT", "json".to_owned())?;
        let filter: String = parsed("RUST_LOG", "info".to_owned())?;
        if let Err(error) = EnvFilter::try_new(&filter) {
            return Err(wrong("RUST_LOG", error.to_string()));
        }
        Ok(Self {
            format: format.parse().map_err(|_| wrong("PROXIE_LOG_FORMAT", "it is either json or text"))?,
            filter,
        })
    }
}
