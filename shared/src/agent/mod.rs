//! The agent: one loop per message, whose finished steps are in PostgreSQL before the next begins.
//!
//! A worker that dies is followed by another that goes on from the last finished step: no stored answer is paid for
//! twice and no tool takes effect twice.

mod markdown;
pub mod memory;
mod orchestrator;
mod pictures;
mod prompt;
mod reply;
pub mod specialists;
mod summary;
pub mod tools;
mod turn;
mod words;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
pub use orchestrator::Agent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use tools::{Refusal, Tool};
use utoipa::ToSchema;

use crate::auth::Actor;
use crate::error::{Code, Error, Result};
use crate::llm::{Deltas, LlmError};
use crate::model::catalog::Catalog;
use crate::model::chat::{Action, Context, Known, Message as Said, Session};
pub use crate::model::drafts::DraftView;
use crate::model::drafts::{DraftKind, RequestFields};
use crate::model::events::ToolState;
use crate::model::media::Media;
use crate::model::tasks::{Effect, Task};
use crate::model::{BookingId, DraftId, EnrollmentId, OfferId, RequestId, UserId};
use crate::queue::UnitOfWork;

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
    /// Who speaks, with their rights as they are now.
    pub actor: Actor,
    /// The message that is answered.
    pub message: Said,
    /// The draft that the answer just before the message showed.
    pub shown: Option<Shown>,
    /// Photos with the message.
    pub photos: Vec<Media>,
    /// Joins the logs of what tools begin.
    pub trace_id: String,
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

    /// The number of the message that is answered.
    #[must_use]
    pub fn turn(&self) -> i64 {
        self.message.turn
    }

    /// What the client says that the message is about.
    #[must_use]
    pub fn context(&self) -> Option<Context> {
        self.message.context.as_ref().and_then(|context| serde_json::from_value(context.clone()).ok())
    }

    /// What the person says to the open draft: by a button, else in plain words right after it was shown.
    #[must_use]
    pub fn answer(&self) -> Option<Action> {
        if let Some(action) = &self.message.action {
            return serde_json::from_value(action.clone()).ok();
        }
        let shown = self.shown?;
        // Photos are more than a yes.
        let words = Some(&self.message.text).filter(|_| self.photos.is_empty())?;
        let kind = words::plain_answer(words, shown.kind)?;
        Some(Action { kind, draft_id: shown.id, draft_version: shown.version })
    }
}

/// A draft as an answer showed it.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Shown {
    /// Which.
    pub id: DraftId,
    /// In which version.
    pub version: i32,
    /// What approving it would do.
    pub kind: DraftKind,
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
    /// What is known of the person.
    #[serde(flatten)]
    pub known: Known,
}

/// What the model is told before it thinks, as it is now.
#[derive(Clone, Debug, Default)]
pub struct Briefing {
    /// The conversation's request, for those who ask for something.
    pub standing: Option<Standing>,
    /// What profile and memory know.
    pub about: Value,
    /// What a specialist says about the request.
    pub specialist: Option<Value>,
    /// The draft that waits.
    pub draft: Option<DraftView>,
}

impl Briefing {
    /// Whether the open draft could be approved as it is.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        match (&self.draft, &self.standing) {
            (Some(draft), Some(standing)) if draft.kind == DraftKind::Request => standing.ready,
            (Some(draft), _) => draft.missing.is_empty(),
            (None, _) => false,
        }
    }
}

/// What a step shows beside the answer's text, by id: its reader sees it as they may when they look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shows {
    /// Providers that were found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub providers: Option<Value>,
    /// A request of the person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// Offers, to compare.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<OfferId>,
    /// One booking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booking: Option<BookingId>,
    /// Bookings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<BookingId>,
    /// One lead, by its request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<RequestId>,
    /// Leads, by their requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leads: Vec<RequestId>,
    /// What to offer: the result of a task `offer_draft`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Value>,
    /// Whether the catalog's categories are shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub categories: bool,
    /// An enrollment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrollment: Option<EnrollmentId>,
}

/// What the client may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ui {
    /// Offers side by side.
    CompareOffers,
    /// A choice of slots.
    PickSlot,
    /// The catalog, to choose services from.
    PickServices,
    /// An upload of photos of work.
    UploadPortfolio,
    /// Signing up.
    SignUp,
}

/// What a tool has done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Acted {
    /// As the model is told.
    pub result: Value,
    /// As the client is shown.
    #[serde(skip_serializing_if = "is_default")]
    pub shows: Shows,
    /// What the client may open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui: Option<Ui>,
    /// Whether it has put the open draft before the person, as it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shows_draft: bool,
    /// What has happened and stands.
    #[serde(skip)]
    pub effects: Vec<Effect>,
}

fn is_default(shows: &Shows) -> bool {
    *shows == Shows::default()
}

impl Acted {
    /// Something was looked up, or noted for the person alone.
    #[must_use]
    pub fn told(result: Value) -> Self {
        Self { result, ..Self::default() }
    }

    /// Something was drafted, or what is drafted is shown: nothing has happened yet.
    #[must_use]
    pub fn drafted(result: Value) -> Self {
        Self { shows_draft: true, ..Self::told(result) }
    }
}

impl From<Refusal> for Acted {
    fn from(refusal: Refusal) -> Self {
        Self::told(refusal.result())
    }
}

/// What the agent asks of the domain, which implements it. Everything happens in the name of the conversation's owner, with
/// the rights that they have by HTTP.
pub trait Desk: Send + Sync + 'static {
    /// What can be asked for, as it is now.
    fn catalog(&self) -> Arc<Catalog>;

    /// The person with their rights as they are now.
    fn actor<'a>(&'a self, task: &'a Task) -> BoxFuture<'a, Result<Actor>>;

    /// What the model is to know.
    fn brief<'a>(&'a self, chat: &'a Conversation) -> BoxFuture<'a, Result<Briefing>>;

    /// Does what a tool is called for, as part of the step's work.
    fn act<'a>(
        &'a self,
        work: &'a UnitOfWork,
        chat: &'a Conversation,
        tool: Tool,
    ) -> BoxFuture<'a, Result<Acted>>;

    /// Does what the person's answer to a draft means, as part of the step's work.
    fn settle<'a>(
        &'a self,
        work: &'a UnitOfWork,
        chat: &'a Conversation,
        answer: Action,
    ) -> BoxFuture<'a, Result<Acted>>;
}

/// Hears of a task while it is worked on: of its answer as it comes, of its steps, of its tools. Whatever is told here may be
/// lost; nothing waits for it.
pub trait Progress: Deltas {
    /// A step is finished: the task as it is now.
    fn task(&self, task: &Task);

    /// A tool begins, or has ended.
    fn tool(&self, name: &str, state: ToolState);
}

impl From<LlmError> for Failure {
    fn from(error: LlmError) -> Self {
        if error.permanent { Self::Final(error.into()) } else { Self::Retry(error.into()) }
    }
}

/// A claim that no longer holds is not an error of the task.
fn fence(error: Error) -> Failure {
    if error.code == Code::IllegalMove { Failure::Fenced } else { Failure::Retry(error) }
}

#[cfg(test)]
impl Conversation {
    /// A guest's first message.
    #[allow(clippy::unwrap_used)]
    pub(crate) fn example(now: DateTime<Utc>) -> Self {
        use crate::model::chat::{AgentRole, Author};
        use crate::model::users::{Role, User, UserStatus};
        use crate::model::{MessageId, SessionId};

        let user = User {
            id: UserId::new(),
            issuer: "guest".to_owned(),
            subject: "1".to_owned(),
            role: Role::Guest,
            status: UserStatus::Active,
            name: None,
            role_changed_at: now,
            created_at: now,
            role_earned: false,
        };
        let session = Session {
            id: SessionId::new(),
            user_id: user.id,
            role: AgentRole::Guest,
            title: None,
            known: serde_json::json!({}),
            created_at: now,
            updated_at: now,
            summary: None,
            summary_seq: 0,
            became: None,
        };
        let message = Said {
            id: MessageId::new(),
            session_id: session.id,
            seq: 1,
            turn: 1,
            author: Author::User,
            text: String::new(),
            client_message_id: None,
            task_id: None,
            data: None,
            draft: None,
            created_at: now,
            action: None,
            context: None,
        };
        Self {
            session,
            actor: Actor::delegate(&user).unwrap(),
            message,
            shown: None,
            photos: Vec::new(),
            trace_id: String::new(),
            now,
            default_zone: Tz::America__New_York,
        }
    }
}
