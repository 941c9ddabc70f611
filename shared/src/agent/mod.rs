//! The agent: one loop per message, whose finished steps are in PostgreSQL before the next begins.
//!
//! A worker that dies is followed by another that goes on from the last finished step: no stored answer is paid for
//! twice and no tool takes effect twice.

pub mod memory;
mod orchestrator;
mod prompt;
mod reply;
pub mod specialists;
mod tools;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
pub use orchestrator::Agent;
use serde::Serialize;
pub use tools::{SearchProviders, UpdateRequestDraft};
use utoipa::ToSchema;

use crate::db::Conn;
use crate::error::{Code, Error, Result};
use crate::llm::LlmError;
use crate::model::catalog::Catalog;
use crate::model::chat::{Known, Session};
use crate::model::drafts::{DraftKind, RequestFields};
use crate::model::providers::Candidate;
use crate::model::tasks::Task;
use crate::model::{DraftId, UserId};

/// Tells the time; tests tell it theirs.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Why a task did not end well.
#[derive(Debug)]
pub enum Failure {
    /// Another claim has the task: what this one writes is refused.
    Fenced,
    /// Trying again may help.
    Retry(Error),
    /// It will be the same however often it is tried.
    Final(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Retry(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fenced => f.write_str("another claim has the task"),
            Self::Retry(error) | Self::Final(error) => error.fmt(f),
        }
    }
}

/// What one message is answered in.
pub struct Conversation {
    /// The conversation.
    pub session: Session,
    /// The number of the message that is answered.
    pub turn: i64,
    /// Now.
    pub now: DateTime<Utc>,
    /// The zone of places that nobody knows.
    pub default_zone: Tz,
}

impl Conversation {
    /// In whose name tools act.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        self.session.user_id
    }
}

/// Where a request's draft stands.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Standing {
    /// What has been gathered.
    pub fields: RequestFields,
    /// What must still be known.
    pub missing: Vec<&'static str>,
    /// What is to be asked for now, for the only time.
    pub ask: Vec<&'static str>,
    /// Whether it could be approved.
    pub ready: bool,
    /// What was not accepted of the last change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<crate::error::Problem>,
    /// The draft itself, once there is one.
    #[serde(skip)]
    pub draft: Option<DraftView>,
    /// What is known of the person.
    #[serde(flatten)]
    pub known: Known,
}

/// A draft as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: DraftId,
    /// An approval is of one version.
    pub version: i32,
    /// What approving it does.
    pub kind: DraftKind,
    /// The body of its endpoint.
    #[schema(value_type = RequestFields)]
    pub fields: serde_json::Value,
    /// What must still be known.
    pub missing: Vec<String>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// What the agent's tools ask of the domain, which implements it. Everything happens in the name of the
/// conversation's owner, inside the transaction of the step.
pub trait Desk: Send + Sync + 'static {
    /// What can be asked for, as it is now.
    fn catalog(&self) -> Arc<Catalog>;

    /// Where the conversation's request stands.
    fn standing<'a>(&'a self, conn: &'a mut Conn, chat: &'a Conversation) -> BoxFuture<'a, Result<Standing>>;

    /// Takes new facts into the draft.
    fn update_request_draft<'a>(
        &'a self,
        conn: &'a mut Conn,
        chat: &'a Conversation,
        change: UpdateRequestDraft,
    ) -> BoxFuture<'a, Result<Standing>>;

    /// Who could do it.
    fn search_providers<'a>(
        &'a self,
        conn: &'a mut Conn,
        chat: &'a Conversation,
        search: SearchProviders,
    ) -> BoxFuture<'a, Result<Vec<Candidate>>>;
}

/// Hears of a task's steps as they are finished.
pub type Progress<'a> = &'a (dyn Fn(&Task) + Send + Sync);

impl From<LlmError> for Failure {
    fn from(error: LlmError) -> Self {
        if error.permanent { Self::Final(error.into()) } else { Self::Retry(error.into()) }
    }
}

/// A claim that no longer holds is not an error of the task.
fn fence(error: Error) -> Failure {
    if error.code == Code::IllegalMove { Failure::Fenced } else { Failure::Retry(error) }
}
