//! The one door to every model: any number of OpenAI-compatible APIs, through `async-openai`.
//!
//! A call goes this way:
//!
//! 1. **Cache** (only where the caller allows it): an earlier answer to the same, in Redis (`cache`); what makes calls the same
//!    stands at `key`. Of identical calls in flight at once in this process one is made (`flights`).
//! 2. **Providers** in the order of the configuration, without those whose breaker is open (`breaker`) or that cannot take in so
//!    much. Each is tried some times with growing pauses, then the next one is: also when a stream breaks off half way, whose
//!    part that was told is taken back ([`Deltas::reset`]). All of it within one time limit. A wish to be asked later
//!    (`Retry-After`) that is long is handed to the task, which waits without a call being held, or ends if a person would wait for
//!    it too long.
//! 3. **Budgets**: before each try the most that it can cost is reserved in PostgreSQL (`budget`), after it what it did cost is
//!    put in that place. Who is refused for what others have only reserved is asked to come again.
//! 4. **Usage**: what each try came to is measured and written down behind it (`ledger`).
//!
//! Answers are streamed and put together here; one that breaks off is an error, never half an answer.

mod bill;
mod breaker;
mod budget;
mod cache;
mod call;
mod flights;
mod gateway;
mod key;
mod ledger;
mod provider;
mod telling;
mod tries;
mod wire;

use std::time::Duration;

pub use breaker::BreakerState;
pub use cache::{Forget, forget};
pub use call::{Cache, Call, Deltas, Image};
pub use gateway::Gateway;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Code, Error};
pub use crate::model::usage::{Feature, Whose};

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
    /// Whether the model was made to stop before its end, for the answer's length or its content.
    #[serde(default)]
    pub cut: bool,
}

/// An id for a call of a tool that has none of its own.
fn call_id() -> String {
    format!("call_{:016x}", rand::random::<u64>())
}

/// A call that failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {cause}")]
pub struct LlmError {
    /// `model_unavailable`, `model_timeout`, `model_malformed` or `budget_exceeded`.
    pub code: Code,
    /// Whether the same call will fail again: a wrong key, a model that does not exist.
    pub permanent: bool,
    /// When the provider wants to be asked again.
    pub retry_after: Option<Duration>,
    /// For the person, where the code's own sentence does not do.
    pub detail: Option<&'static str>,
    /// For the log.
    pub cause: String,
}

impl LlmError {
    fn new(code: Code, permanent: bool, cause: impl Into<String>) -> Self {
        Self { code, permanent, retry_after: None, detail: None, cause: cause.into() }
    }
}

impl From<LlmError> for Error {
    fn from(error: LlmError) -> Self {
        let mut known = Error::new(error.code);
        known.retry_after = error.retry_after;
        if let Some(detail) = error.detail {
            known = known.detail(detail);
        }
        known.because(error.cause)
    }
}
