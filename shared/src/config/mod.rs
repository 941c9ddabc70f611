//! Configuration: environment variables, each documented beside the field that it fills.
//!
//! One file per concern. A wrong or missing variable is named at start; a secret never prints.

mod auth;
mod database;
mod http;
mod limits;
mod llm;
mod queue;
mod tasks;
mod telemetry;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub use auth::{AuthConfig, IssuerConfig};
use chrono_tz::Tz;
pub use database::DatabaseConfig;
pub use http::{ClerkConfig, HttpConfig};
pub use limits::LimitsConfig;
pub use llm::LlmConfig;
pub use queue::RedisConfig;
use subtle::ConstantTimeEq;
pub use tasks::TasksConfig;
pub use telemetry::TelemetryConfig;

/// A variable that is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It has no default and is not set.
    #[error("{0} is not set: {1}")]
    Missing(&'static str, &'static str),
    /// Its value makes no sense.
    #[error("{name} is not acceptable: {why}")]
    Wrong {
        /// The variable.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// A value that must not be shown.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps it.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Whether it is this; takes as long whatever the first difference is.
    #[must_use]
    pub fn is(&self, other: &str) -> bool {
        self.0.as_bytes().ct_eq(other.as_bytes()).into()
    }

    /// The value itself, for the one who must use it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// A URL whose password is not shown.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}://[hidden]@{}", &url[..scheme], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}

/// The variable's text, if it is set and not empty.
fn text(name: &'static str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn required(name: &'static str, meaning: &'static str) -> Result<String, ConfigError> {
    text(name).ok_or(ConfigError::Missing(name, meaning))
}

fn parsed<T: FromStr>(name: &'static str, default: T) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    match text(name) {
        None => Ok(default),
        Some(value) => {
            value.trim().parse().map_err(|error: T::Err| ConfigError::Wrong { name, why: error.to_string() })
        }
    }
}

/// A duration given in milliseconds.
fn millis(name: &'static str, default: u64) -> Result<Duration, ConfigError> {
    parsed(name, default).map(Duration::from_millis)
}

/// `PROXIE_DEFAULT_ZONE`: the IANA zone of places that nobody knows (America/New_York).
///
/// # Errors
/// When it is not a zone.
pub fn default_zone() -> Result<Tz, ConfigError> {
    parsed("PROXIE_DEFAULT_ZONE", Tz::America__New_York)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[hidden]");
        assert_eq!(without_password("postgres://me:hunter2@host:1/db"), "postgres://[hidden]@host:1/db");
    }
}
