//! Tasks: anything slow. PostgreSQL holds the truth, Redis carries the id.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::sql_enum::sql_enum;
use super::{MessageId, RequestId, SessionId, TaskId, UserId};
use crate::db::schema::{sql_types, tasks};

sql_enum! {
    /// What a task does.
    TaskKind as sql_types::TaskKind {
        /// Answers a message.
        Chat,
        /// Finds providers for a request.
        Matching,
        /// Suggests an offer for a lead.
        OfferDraft,
        /// Answers a lead by the provider's rules.
        AutoOffer,
        /// Makes a vector of what is said of a provider.
        Embedding,
        /// Does nothing: shows an operator that the queue works, and measures it.
        Probe,
    }
}

sql_enum! {
    /// Where a task stands; the last three never change again.
    TaskStatus as sql_types::TaskStatus {
        /// Not ended.
        Processing,
        /// Ended with a result.
        Completed,
        /// Ended with an error.
        Failed,
        /// Ended by its owner.
        Cancelled,
    }
}

impl TaskStatus {
    /// Whether the task has ended.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        self != Self::Processing
    }
}

sql_enum! {
    /// The finer state, for people.
    TaskStage as sql_types::TaskStage {
        /// Waits for a worker.
        Queued,
        /// A worker has it.
        Running,
        /// Waits for its next attempt.
        Retrying,
        /// Ended.
        Done,
    }
}

impl TaskKind {
    /// The lane that carries this kind; lanes do not hold each other up.
    #[must_use]
    pub fn lane(self) -> Lane {
        match self {
            Self::Chat => Lane::Chat,
            Self::Matching | Self::OfferDraft | Self::AutoOffer | Self::Embedding | Self::Probe => Lane::Jobs,
        }
    }
}

/// A queue of its own: people waiting for an answer never stand behind background work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Lane {
    /// Messages.
    Chat,
    /// Everything else.
    Jobs,
}

impl Lane {
    /// The kinds that this lane carries.
    pub fn kinds(self) -> impl Iterator<Item = TaskKind> {
        use strum::VariantArray;
        TaskKind::VARIANTS.iter().copied().filter(move |kind| kind.lane() == self)
    }
}

/// What went wrong, as the owner may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TaskError {
    /// A code of the error catalogue.
    pub code: String,
    /// A sentence for people.
    pub detail: String,
}

/// Something that already happened and stands, whatever becomes of the task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Effect {
    /// What happened, such as `request_created`.
    pub kind: String,
    /// What it made or moved.
    pub id: uuid::Uuid,
}

/// A row of `tasks`, as the status endpoint and its Redis copy need it.
#[derive(Clone, Debug, Queryable, Selectable, Serialize, Deserialize)]
#[diesel(table_name = tasks, check_for_backend(diesel::pg::Pg))]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// What it does.
    pub kind: TaskKind,
    /// Whose it is.
    pub user_id: UserId,
    /// The conversation it belongs to.
    pub session_id: Option<SessionId>,
    /// The message it answers.
    pub message_id: Option<MessageId>,
    /// The request it is about.
    pub request_id: Option<RequestId>,
    /// The ended task that it repeats.
    pub retry_of: Option<TaskId>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Finer.
    pub stage: TaskStage,
    /// The last finished step of its agent.
    pub step: Option<i32>,
    /// How often it was claimed.
    pub attempts: i32,
    /// The fence: writes of an older claim are refused.
    pub claim_no: i32,
    /// Grows with every change of the row; orders copies of it.
    pub version: i32,
    /// What came out.
    pub result: Option<Value>,
    /// Why it failed, or why it is being retried.
    pub error_code: Option<String>,
    /// The same for people.
    pub error_detail: Option<String>,
    /// What already happened: a list of [`Effect`].
    pub effects: Value,
    /// Joins the logs of the call that made it and of the worker that runs it.
    pub trace_id: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The span of the call that made it, in that trace, if traces are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_span: Option<String>,
}

impl Task {
    /// What a chat's answer carries beside its text.
    #[must_use]
    pub fn data(&self) -> Option<&Value> {
        self.result.as_ref()?.get("data")
    }

    /// A task outside any conversation as it is when it has just been made.
    #[must_use]
    pub fn new(
        kind: TaskKind,
        user_id: UserId,
        trace_id: &str,
        parent_span: Option<String>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: TaskId::new(),
            kind,
            user_id,
            session_id: None,
            message_id: None,
            request_id: None,
            retry_of: None,
            status: TaskStatus::Processing,
            stage: TaskStage::Queued,
            step: None,
            attempts: 0,
            claim_no: 0,
            version: 1,
            result: None,
            error_code: None,
            error_detail: None,
            effects: Value::Array(Vec::new()),
            trace_id: trace_id.to_owned(),
            created_at: now,
            updated_at: now,
            parent_span,
        }
    }

    /// The error that its owner sees: only of a task that failed.
    #[must_use]
    pub fn error(&self) -> Option<TaskError> {
        (self.status == TaskStatus::Failed).then(|| TaskError {
            code: self.error_code.clone().unwrap_or_else(|| "internal".into()),
            detail: self.error_detail.clone().unwrap_or_default(),
        })
    }
}
