//! One catalogue of errors: every failure that leaves the system has a [`Code`] from here.
//!
//! The cause of an [`Error`] is logged and never sent.

mod code;
mod constraints;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::time::Duration;

pub use code::Code;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::model::drafts::DraftView;
use crate::model::slots::Slot;
use crate::model::states::State;

/// The result of anything that can fail with an [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// Where, as a JSON pointer below `/body`, `/query` or `/path`.
    pub pointer: String,
    /// A sentence.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

/// What more some codes tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct More {
    /// With a move that the state does not allow: how it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<String>,
    /// Where it could go from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub allowed: Option<Vec<String>>,
    /// With `slot_taken`: free slots that the offer takes instead, for 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub slots: Option<Vec<Slot>>,
    /// With `draft_changed`: the draft that waits now; null if none does.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schema(value_type = Option<DraftView>)]
    pub draft: Option<Value>,
}

/// What is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// A failure, with what its reader may know of it.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Error {
    /// Which of the catalogue.
    pub code: Code,
    /// A sentence that says what is wrong and what to do.
    pub detail: Cow<'static, str>,
    /// Everything that is wrong with the input.
    pub problems: Vec<Problem>,
    /// What more is told; boxed, as few have it and all have room for it.
    pub more: Option<Box<More>>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// Why; for the log only.
    #[source]
    pub cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of the catalogue with its usual sentence.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            detail: code.detail().into(),
            problems: Vec::new(),
            more: None,
            retry_after: code.retry_after(),
            cause: None,
        }
    }

    /// Says it in other words.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Input that breaks rules, all of them at once.
    #[must_use]
    pub fn invalid(problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::new(Code::Invalid) }
    }

    /// What belongs to somebody else or does not exist.
    #[must_use]
    pub fn not_yours() -> Self {
        Self::new(Code::NotYours)
    }

    /// A move that the state does not allow, with a code that says so.
    #[must_use]
    pub fn illegal_move<S: State>(code: Code, from: S) -> Self {
        let name = |state: S| -> String { Into::<&'static str>::into(state).to_owned() };
        let more = More {
            from: Some(name(from)),
            allowed: Some(from.next().into_iter().map(name).collect()),
            ..More::default()
        };
        Self { more: Some(Box::new(more)), ..Self::new(code) }
    }

    /// A slot that another booking has, with free ones.
    #[must_use]
    pub fn slot_taken(slots: Vec<Slot>) -> Self {
        let more = More { slots: Some(slots), ..More::default() };
        Self { more: Some(Box::new(more)), ..Self::new(Code::SlotTaken) }
    }

    /// A draft that is not as its reader saw it, with the one that waits now.
    #[must_use]
    pub fn draft_changed(current: Option<&DraftView>) -> Self {
        let draft = serde_json::to_value(current).unwrap_or_default();
        let more = More { draft: Some(draft), ..More::default() };
        Self { more: Some(Box::new(more)), ..Self::new(Code::DraftChanged) }
    }

    /// Whether trying the same again can help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.code == Code::Unavailable
    }

    /// Whether something was waited for that somebody else holds; diesel hides the SQLSTATE.
    #[must_use]
    pub fn is_lock_timeout(&self) -> bool {
        self.causes().contains("canceling statement due to lock timeout")
    }

    /// The chain of causes, for the log.
    #[must_use]
    pub fn causes(&self) -> String {
        let mut text = String::new();
        let mut next: Option<&dyn StdError> = self.cause.as_deref().map(|c| c as &dyn StdError);
        while let Some(cause) = next {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        if let DieselError::RollbackErrorOnCommit { commit_error, .. } = error {
            return (*commit_error).into();
        }
        let code = match &error {
            DieselError::NotFound => Code::NotYours,
            DieselError::DatabaseError(kind, info) => match (kind, info.constraint_name()) {
                (_, Some(name)) => constraints::code(name).unwrap_or(Code::Internal),
                (
                    DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::ReadOnlyTransaction
                    | DatabaseErrorKind::SerializationFailure,
                    _,
                ) => Code::Unavailable,
                // diesel hides the SQLSTATE of a server that is going down or coming up, of a
                // statement that ran too long and of a deadlock's loser.
                (DatabaseErrorKind::Unknown, _) if is_passing(info.message()) => Code::Unavailable,
                _ => Code::Internal,
            },
            DieselError::BrokenTransactionManager => Code::Unavailable,
            _ => Code::Internal,
        };
        Self::new(code).because(without_values(&error.to_string()).to_owned())
    }
}

/// What PostgreSQL says, up to the value that it could not read: `invalid input syntax for type uuid: "…"`.
fn without_values(message: &str) -> &str {
    message.split(": \"").next().unwrap_or_default()
}

fn is_passing(message: &str) -> bool {
    ["terminating connection", "the database system is", "canceling statement", "deadlock detected"]
        .iter()
        .any(|known| message.contains(known))
}

impl From<diesel_async::pooled_connection::deadpool::PoolError> for Error {
    fn from(error: diesel_async::pooled_connection::deadpool::PoolError) -> Self {
        Self::new(Code::Unavailable).because(error)
    }
}

impl From<redis::RedisError> for Error {
    fn from(error: redis::RedisError) -> Self {
        Self::new(Code::Unavailable).because(error)
    }
}

impl From<std::io::Error> for Error {
    /// A disk that is full or away.
    fn from(error: std::io::Error) -> Self {
        Self::new(Code::Unavailable).because(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        // Its own words quote what they found.
        let cause =
            format!("JSON {:?} error at line {} column {}", error.classify(), error.line(), error.column());
        Self::new(Code::Internal).because(cause)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;

    #[test]
    fn that_no_draft_waits_is_said_and_read_again() {
        let more = Error::draft_changed(None).more.unwrap();
        let said = serde_json::to_value(&more).unwrap();
        assert_eq!(said, serde_json::json!({"draft": null}));
        assert_eq!(serde_json::from_value::<More>(said).unwrap(), *more);
        assert_eq!(serde_json::from_value::<More>(serde_json::json!({})).unwrap(), More::default());
    }

    #[test]
    fn causes_quote_no_values() {
        let said = r#"invalid input syntax for type uuid: "Rumpelstiltskin""#;
        let refused = DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
        assert_eq!(Error::from(refused).causes(), "invalid input syntax for type uuid");
        let unique = r#"duplicate key value violates unique constraint "tasks_pkey""#;
        assert_eq!(without_values(unique), unique);
        let unread = serde_json::from_str::<u8>(r#""Rumpelstiltskin""#).unwrap_err();
        assert_eq!(Error::from(unread).causes(), "JSON Data error at line 1 column 17");
    }
}
