//! What models are called for, and what that costs.

use chrono::NaiveDate;

use super::sql_enum::sql_enum;
use super::tasks::Task;
use super::{SessionId, TaskId, UserId};
use crate::db::schema::sql_types;

sql_enum! {
    /// What a model is called for.
    Feature as sql_types::LlmFeature {
        /// A step of answering a message.
        Chat,
        /// A summary of what was said earlier.
        Summary,
        /// A text as a vector.
        Embedding,
    }
}

sql_enum! {
    /// A budget that a call falls under, in the order in which they are locked.
    Budget as sql_types::LlmBudget {
        /// Of all guests together, in a day.
        Guests,
        /// Of the guests who were made from one address, in a day.
        Address,
        /// Of a user or guest, in a day.
        User,
        /// Of a conversation.
        Session,
    }
}

/// In whose name a model is called: whose budgets it counts for. Whether that is a guest, and from which address, is
/// known by the user.
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

/// What the calls of a day for one feature by one model came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// The day, of UTC.
    pub day: NaiveDate,
    /// What for.
    pub feature: Feature,
    /// By which model.
    pub model: String,
    /// Calls, cached ones and failed ones among them.
    pub calls: i64,
    /// How many were answered from the cache.
    pub cached: i64,
    /// How many failed.
    pub failed: i64,
    /// Tokens sent.
    pub prompt_tokens: i64,
    /// Tokens received.
    pub completion_tokens: i64,
    /// Millionths of a dollar.
    pub cost_micros: i64,
}
