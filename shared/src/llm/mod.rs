//! The door to the model: any OpenAI-compatible API, through `async-openai`.
//!
//! Answers are streamed and put together here; a stream that breaks off is an error, never half an answer. Nothing
//! is retried here: the task is, with its pauses, so that a worker that dies loses no more than one call.

mod gateway;
mod wire;

pub use gateway::Gateway;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Code, Error};
use crate::model::tasks::Task;
use crate::model::{SessionId, TaskId, UserId};

/// One call of a model: what is asked, for whom, and what may be done with the answer.
pub struct Call<'a> {
    /// Who pays.
    pub whose: Whose,
    /// What it is for.
    pub feature: Feature,
    /// The conversation.
    pub messages: &'a [Message],
    /// What is offered.
    pub tools: &'a [ToolSpec],
    /// Whether an earlier answer to the same will do.
    pub cache: Cache,
    /// Hears the answer while it comes.
    pub deltas: Option<&'a dyn Deltas>,
    /// Whether models that see pictures are to be asked before those that do not.
    pub vision: bool,
}

/// In whose name a model is called: whose budgets it counts for. Whether that is a guest, and from which address, the
/// gateway knows by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The user or guest.
    pub user_id: UserId,
    /// The conversation, if there is one.
    pub session_id: Option<SessionId>,
    /// The task, if there is one.
    pub task_id: Option<TaskId>,
}

impl Whose {
    /// The owner of a task, in its conversation.
    #[must_use]
    pub fn of(task: &Task) -> Self {
        Self { user_id: task.user_id, session_id: task.session_id, task_id: Some(task.id) }
    }
}

/// What a model is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// A step of answering a message.
    Chat,
    /// A summary of what was said earlier.
    Summary,
    /// A text as a vector.
    Embedding,
    /// Words for something that is decided already.
    Wording,
}

/// Whether an earlier answer to the same call will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// No: the turn has effects, or an answer must be new.
    No,
    /// One that was given to the same user.
    User,
    /// One that was given to anybody: nothing personal is in the call.
    Shared,
}

/// Hears an answer while it comes.
pub trait Deltas: Send + Sync {
    /// More of the text.
    fn delta(&self, text: &str);
    /// What was told since the answer began is void: another try, or another model, begins anew.
    fn reset(&self);
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its type, such as `image/jpeg`.
    pub mime: String,
    /// Its file.
    pub bytes: Arc<[u8]>,
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
    User {
        /// What they wrote.
        text: String,
        /// What they sent with it: models that see are shown it, others are told that there is something.
        images: Vec<Image>,
    },
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
    /// What it cost, failed tries included, in millionths of a dollar.
    #[serde(default)]
    pub cost_micros: i64,
    /// Whether it is an earlier answer to the same.
    #[serde(default)]
    pub cached: bool,
}

/// A call that failed.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {cause}")]
pub struct LlmError {
    /// `model_unavailable`, `model_timeout`, `model_malformed` or `budget_exceeded`.
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
