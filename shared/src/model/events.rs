//! What is told of a task while it is worked on.

use serde::Serialize;
use serde_json::{Value, json};

use super::tasks::{TaskStage, TaskStatus};

/// Whether a tool begins or has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolState {
    /// It begins.
    Started,
    /// It has ended, well or not.
    Finished,
}

/// Something that is told of a task. Where it stands among the others is its number, which it is given when it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It has come to another stage, after so many attempts.
    Stage(TaskStage, i32),
    /// More of the answer's text.
    Delta(String),
    /// The text since the last of these is void.
    Reset,
    /// A tool acts.
    Tool(String, ToolState),
}

impl Event {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stage(..) => "stage",
            Self::Delta(_) => "delta",
            Self::Reset => "reset",
            Self::Tool(..) => "tool",
        }
    }

    /// What it tells; of a reset nothing, as what it voids follows from what stands before it.
    #[must_use]
    pub fn data(&self) -> Value {
        match self {
            Self::Stage(stage, attempts) => json!({"stage": stage, "attempts": attempts}),
            Self::Delta(text) => json!({"text": text}),
            Self::Reset => Value::Null,
            Self::Tool(name, state) => json!({"name": name, "state": state}),
        }
    }
}

impl TaskStatus {
    /// The status that an event of this name tells as the end of its task.
    #[must_use]
    pub fn of_end(name: &str) -> Option<Self> {
        [Self::Completed, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| <&str>::from(*status) == name)
    }
}
