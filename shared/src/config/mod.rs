//! Configuration: environment variables, each documented beside the field that it fills.
//!
//! One file per concern. A wrong or missing variable is named at start; a secret never prints.

mod address;
mod auth;
mod client;
mod database;
mod http;
mod limits;
mod llm;
mod log;
mod matching;
mod media;
mod queue;
mod schedule;
mod tasks;
mod telemetry;

use std::env::VarError;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub use auth::{AuthConfig, IssuerConfig};
use chrono_tz::Tz;
pub use client::{ClerkKey, ClientConfig, Realtime, SentryProject};
pub use database::DatabaseConfig;
pub use http::{ClerkConfig, HttpConfig};
pub use limits::LimitsConfig;
pub use llm::{BudgetsConfig, LlmConfig, ProviderConfig};
pub use log::{LogConfig, LogFormat};
pub use matching::MatchingConfig;
pub use media::{MediaConfig, S3Config, StoreConfig};
pub use queue::RedisConfig;
pub use schedule::ScheduleConfig;
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

/// That a variable's value makes no sense.
fn wrong(name: &'static str, why: impl Into<String>) -> ConfigError {
    ConfigError::Wrong { name, why: why.into() }
}

/// The variable's text, if it is set and not empty.
fn text(name: &'static str) -> Result<Option<String>, ConfigError> {
    usable(name, std::env::var(name))
}

fn usable(name: &'static str, read: Result<String, VarError>) -> Result<Option<String>, ConfigError> {
    match read {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(wrong(name, "it is not UTF-8")),
    }
}

fn required(name: &'static str, meaning: &'static str) -> Result<String, ConfigError> {
    text(name)?.ok_or(ConfigError::Missing(name, meaning))
}

fn parsed<T: FromStr>(name: &'static str, default: T) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    match text(name)? {
        None => Ok(default),
        Some(value) => value.trim().parse().map_err(|error: T::Err| wrong(name, error.to_string())),
    }
}

/// A number of which there is at least one.
fn positive<T: FromStr + Default + PartialOrd>(name: &'static str, default: T) -> Result<T, ConfigError>
where
    T::Err: fmt::Display,
{
    let number = parsed(name, default)?;
    if number > T::default() { Ok(number) } else { Err(wrong(name, "it must be at least 1")) }
}

/// A duration given in milliseconds, which may be none.
fn millis(name: &'static str, default: u64) -> Result<Duration, ConfigError> {
    parsed(name, default).map(Duration::from_millis)
}

/// A duration given in milliseconds, without which nothing would work.
fn positive_millis(name: &'static str, default: u64) -> Result<Duration, ConfigError> {
    positive(name, default).map(Duration::from_millis)
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
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_unset() {
        let read = |read| usable("PROXIE_ENV", read).map_err(|error| error.to_string());
        assert_eq!(read(Ok("production".to_owned())), Ok(Some("production".to_owned())));
        assert_eq!(read(Ok(" ".to_owned())), Ok(None));
        assert_eq!(read(Err(VarError::NotPresent)), Ok(None));
        let wrong = read(Err(VarError::NotUnicode("not shown".into())));
        assert_eq!(wrong, Err("PROXIE_ENV is not acceptable: it is not UTF-8".to_owned()));
    }
}
