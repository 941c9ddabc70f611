//! Conversations and their messages.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::drafts::DraftKind;
use super::sql_enum::sql_enum;
use super::{BookingId, DraftId, MessageId, OfferId, ProviderId, RequestId, SessionId, TaskId, UserId};
use crate::db::schema::{chat_messages, chat_sessions, sql_types};

/// The longest message that is taken, in characters.
pub const MESSAGE_MAX_CHARS: usize = 8_000;

sql_enum! {
    /// Who the agent plays in a conversation.
    AgentRole as sql_types::AgentRole {
        /// Qualifies the need of somebody without an account.
        Guest,
        /// Personal concierge.
        Consumer,
        /// Business manager.
        Provider,
        /// Onboarding guide.
        Enrollment,
    }
}

sql_enum! {
    /// Who wrote a message.
    Author as sql_types::MessageAuthor {
        /// The person.
        User,
        /// The agent.
        Assistant,
    }
}

/// A row of `chat_sessions`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = chat_sessions, check_for_backend(diesel::pg::Pg))]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Who the agent plays.
    pub role: AgentRole,
    /// What it is about, in a few words.
    pub title: Option<String>,
    /// What is known of the person from this conversation.
    pub known: Value,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When something was last said.
    pub updated_at: DateTime<Utc>,
    /// What was said up to the turn [`Self::summary_seq`], in a few sentences.
    pub summary: Option<String>,
    /// The last turn that the summary holds, by the number of its message; 0 without one.
    pub summary_seq: i64,
    /// The role that its owner has now and did not have when something was last said.
    pub became: Option<AgentRole>,
}

/// What the conversation has told about the person, beside the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Known {
    /// The first name they gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A row of `chat_messages`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = chat_messages, check_for_backend(diesel::pg::Pg))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub session_id: SessionId,
    /// Its place among everything said there, from 1.
    pub seq: i64,
    /// The `seq` of the user's message that it is or answers.
    pub turn: i64,
    /// Who wrote it.
    pub author: Author,
    /// Markdown.
    pub text: String,
    /// The client's own id of it.
    pub client_message_id: Option<String>,
    /// The task that answers it, or that wrote it.
    pub task_id: Option<TaskId>,
    /// What an answer carries beside its text.
    pub data: Option<Value>,
    /// The draft as that answer showed it.
    pub draft: Option<Value>,
    /// When it was said.
    pub created_at: DateTime<Utc>,
    /// The button that was pressed: an [`Action`].
    pub action: Option<Value>,
    /// What it is about: a [`Context`].
    pub context: Option<Value>,
}

/// What is to be done with a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// What it holds is to happen.
    Approve,
    /// It is to be changed: nothing happens yet.
    Edit,
    /// It is dropped.
    Cancel,
}

/// A button of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is to be done.
    pub kind: ActionKind,
    /// With which draft.
    pub draft_id: DraftId,
    /// As it was shown in this version.
    pub draft_version: i32,
}

/// What the buttons of the first clients say: it is meant of the open draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionWord {
    /// Approve it.
    ApproveRequest,
    /// Change it.
    EditRequest,
    /// Drop it.
    CancelRequest,
    /// Approve it, which is an enrollment.
    SubmitEnrollment,
    /// Approve it, which is an offer.
    SubmitOffer,
}

impl ActionWord {
    /// What is to be done.
    #[must_use]
    pub fn kind(self) -> ActionKind {
        match self {
            Self::ApproveRequest | Self::SubmitEnrollment | Self::SubmitOffer => ActionKind::Approve,
            Self::EditRequest => ActionKind::Edit,
            Self::CancelRequest => ActionKind::Cancel,
        }
    }

    /// With a draft of which kind only; the first three buttons stood below every draft.
    #[must_use]
    pub fn of(self) -> Option<DraftKind> {
        match self {
            Self::ApproveRequest | Self::EditRequest | Self::CancelRequest => None,
            Self::SubmitEnrollment => Some(DraftKind::Enrollment),
            Self::SubmitOffer => Some(DraftKind::Offer),
        }
    }
}

/// A button as a client sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Of a draft that it names.
    Button(Action),
    /// Of the open draft, whichever that is.
    Word(ActionWord),
}

/// What a message is about: the client's own hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    /// A request.
    RequestId(RequestId),
    /// An offer.
    OfferId(OfferId),
    /// A booking.
    BookingId(BookingId),
    /// A provider.
    ProviderId(ProviderId),
}
