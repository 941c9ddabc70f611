//! The door to the model: any OpenAI-compatible API, through `async-openai`.
//!
//! Answers are streamed and put together here; a stream that breaks off is an error, never half an answer. Nothing
//! is retried here: the task is, with its pauses, so that a worker that dies loses no more than one call.

mod gateway;
mod wire;

pub use gateway::Gateway;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

use crate::error::{Code, Error};

/// Hears an answer while it comes.
pub trait Deltas: Send + Sync {
    /// More of the text.
    fn delta(&self, text: &str);
    /// What was told since the answer began is void: another try, or another model, begins anew.
    fn reset(&self);
}

/// A call of a tool, as the model asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The model's own id of the call.
    pub id: String,
    /// Which tool.
    pub name: String,
    /// JSON text; may be anything.
    pub arguments: String,
}

/// What is said to the model or by it.
#[derive(Clone, Debug)]
pub enum Message {
    /// Who it is, what it knows.
    System(String),
    /// The person.
    User(String),
    /// The model, earlier.
    Assistant(String),
    /// The model, asking for tools.
    Calls(Answer),
    /// What a tool answered.
    Tool {
        /// The call's id.
        id: String,
        /// JSON.
        output: Value,
    },
}

/// A tool that is offered to the model.
#[derive(Clone, Debug)]
pub struct ToolSpec {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// JSON schema of its arguments.
    pub parameters: Value,
}

/// The model's whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Text, if it said any.
    pub text: Option<String>,
    /// Tools that it wants called.
    #[serde(default)]
    pub calls: Vec<ToolCall>,
    /// The model that answered, by its own word.
    pub model: String,
    /// Tokens sent.
    pub prompt_tokens: u32,
    /// Tokens received.
    pub completion_tokens: u32,
}

/// A call that failed.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {cause}")]
pub struct LlmError {
    /// `model_unavailable`, `model_timeout` or `model_malformed`.
    pub code: Code,
    /// Whether the same call will fail again: a wrong key, a model that does not exist.
    pub permanent: bool,
    /// When the provider wants to be asked again.
    pub retry_after: Option<Duration>,
    /// For the log.
    pub cause: String,
}

impl From<LlmError> for Error {
    fn from(error: LlmError) -> Self {
        let mut known = Error::new(error.code);
        known.retry_after = error.retry_after;
        known.because(error.cause)
    }
}
