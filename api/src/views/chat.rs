use chrono::{DateTime, Utc};
use proxie_shared::agent::DraftView;
use proxie_shared::db::chat::Page;
use proxie_shared::domain::chat::{Taken, Transcript};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::chat::{AgentRole, Author, Known, MESSAGE_MAX_CHARS, Message, Session};
use proxie_shared::model::tasks::{Task, TaskStatus};
use proxie_shared::model::{MessageId, SessionId, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::examples;
use super::results::DataView;
use crate::http::{Input, NotYet};

/// `POST /chat`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"message": "I need a haircut for curly hair in Brooklyn this weekend, about $60"}))]
pub struct ChatBody {
    /// What is said.
    #[schema(min_length = 1, max_length = 8_000)]
    pub message: Option<String>,
    /// In which conversation; a new one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub session_id: Option<SessionId>,
    /// Whom the agent shall play in a new conversation.
    pub role: Option<AgentRole>,
    /// Photos that belong to it: none yet.
    #[schema(max_items = 0)]
    #[serde(default)]
    #[expect(dead_code, reason = "checked and not yet used")]
    media: Option<Vec<Uuid>>,
    /// The client's own id of the message: sent twice, it is taken once.
    #[schema(min_length = 1, max_length = 200)]
    pub client_message_id: Option<String>,
    /// What to do with the open draft: null, as drafts cannot be approved yet.
    #[serde(default)]
    #[expect(dead_code, reason = "checked and not yet used")]
    action: NotYet,
    /// What the message is about: null yet.
    #[serde(default)]
    #[expect(dead_code, reason = "checked and not yet used")]
    context: NotYet,
}

impl Input for ChatBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        debug_assert_eq!(MESSAGE_MAX_CHARS, 8_000, "the schema says the same");
        let mut problems = Vec::new();
        if self.message.as_deref().is_none_or(|message| message.trim().is_empty()) {
            problems.push(Problem::new("/message", "Say something: 1 to 8,000 characters."));
        }
        problems
    }
}

/// A message was taken.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::chat()))]
pub struct ChatView {
    task_id: TaskId,
    status: TaskStatus,
    session_id: Option<SessionId>,
    /// Proves a guest that was made now, or whose token is older than a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    guest_token: Option<String>,
}

impl ChatView {
    /// The view of a message that was taken.
    pub fn of(taken: &Taken) -> Self {
        let Taken { task_id, session_id, status } = *taken;
        Self { task_id, status, session_id: Some(session_id), guest_token: None }
    }

    /// The view of a task that answers.
    pub fn of_task(task: &Task) -> Self {
        Self { task_id: task.id, status: task.status, session_id: task.session_id, guest_token: None }
    }
}

/// `POST /chat/sessions/claim`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::claim()))]
pub struct ClaimBody {
    /// The guest's token.
    #[schema(min_length = 1, max_length = 8_192)]
    pub guest_token: String,
}

impl Input for ClaimBody {}

/// What became the caller's.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"sessions": [examples::SESSION]}))]
pub struct ClaimView {
    /// Conversations.
    pub sessions: Vec<SessionId>,
}

/// A page of conversations.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::session()], "next_cursor": null}))]
pub struct SessionsView {
    items: Vec<SessionView>,
    next_cursor: Option<String>,
}

/// A conversation in a list.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    id: SessionId,
    title: Option<String>,
    role: AgentRole,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<&Session> for SessionView {
    fn from(session: &Session) -> Self {
        Self {
            id: session.id,
            title: session.title.clone(),
            role: session.role,
            created_at: session.created_at,
            updated_at: session.updated_at,
        }
    }
}

impl SessionsView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(sessions: &[Session], limit: i64) -> Self {
        let (page, more) = split(sessions, limit);
        Self {
            items: page.iter().map(SessionView::from).collect(),
            next_cursor: page.last().filter(|_| more).map(|session| session.id.to_string()),
        }
    }
}

/// A conversation with a page of what was said.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::transcript()))]
pub struct TranscriptView {
    #[serde(flatten)]
    session: SessionView,
    /// What the agent knows from it.
    #[schema(value_type = Known)]
    known: Value,
    messages: MessagesView,
    active_tasks: Vec<TaskId>,
    open_draft: Option<DraftView>,
}

/// A page of messages, in order.
#[derive(Serialize, ToSchema)]
struct MessagesView {
    items: Vec<MessageView>,
    /// Towards newer messages.
    next_cursor: Option<String>,
    /// Towards older ones.
    prev_cursor: Option<String>,
}

/// Something that was said.
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    id: MessageId,
    seq: i64,
    client_message_id: Option<String>,
    role: Author,
    text: String,
    media: Vec<Uuid>,
    task_id: Option<TaskId>,
    status: Option<TaskStatus>,
    /// What the answer showed beside its text.
    #[schema(value_type = Option<DataView>)]
    data: Option<Value>,
    /// The draft as the answer showed it.
    #[schema(value_type = Option<DraftView>)]
    draft: Option<Value>,
    created_at: DateTime<Utc>,
}

impl TranscriptView {
    /// A page of at most `limit` messages, of which one more was read in the page's way.
    pub fn new(transcript: Transcript, page: Page, limit: i64) -> Self {
        let Transcript { session, mut messages, active, draft } = transcript;
        let more = messages.len() as i64 > limit;
        if more {
            // The one too many is the furthest in the way that was gone.
            match page {
                Page::Before(_) => drop(messages.remove(0)),
                Page::After(_) => drop(messages.pop()),
            }
        }
        let first = messages.first().map(|(message, _)| message.seq);
        let last = messages.last().map(|(message, _)| message.seq);
        let (older, newer) = match page {
            Page::Before(seq) => (more, seq != i64::MAX),
            Page::After(_) => (first.is_some_and(|seq| seq > 1), more),
        };
        Self {
            known: session.known.clone(),
            session: SessionView::from(&session),
            messages: MessagesView {
                next_cursor: last.filter(|_| newer).map(|seq| format!("after:{seq}")),
                prev_cursor: first.filter(|_| older).map(|seq| format!("before:{seq}")),
                items: messages.into_iter().map(MessageView::from).collect(),
            },
            active_tasks: active.iter().map(|task| task.id).collect(),
            open_draft: draft,
        }
    }
}

impl From<(Message, Option<TaskStatus>)> for MessageView {
    fn from((message, status): (Message, Option<TaskStatus>)) -> Self {
        Self {
            id: message.id,
            seq: message.seq,
            client_message_id: message.client_message_id,
            role: message.author,
            text: message.text,
            media: Vec::new(),
            task_id: message.task_id,
            status,
            data: message.data,
            draft: message.draft,
            created_at: message.created_at,
        }
    }
}

/// The first `limit`, and whether there are more.
fn split<T>(items: &[T], limit: i64) -> (&[T], bool) {
    let limit = limit as usize;
    (&items[..items.len().min(limit)], items.len() > limit)
}
