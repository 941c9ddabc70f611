use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::db::chat::Page;
use proxie_shared::domain::chat::{Taken, Transcript};
use proxie_shared::domain::shown::Shown;
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::chat::{
    Action, ActionKind, ActionWord, AgentRole, Author, Context, Known, MESSAGE_MAX_CHARS, Message, Pressed,
    Session,
};
use proxie_shared::model::drafts::DraftView;
use proxie_shared::model::media::{Audience, Media};
use proxie_shared::model::tasks::{Task, TaskStatus};
use proxie_shared::model::{
    BookingId, DraftId, MediaId, MessageId, OfferId, ProviderId, RequestId, SessionId, TaskId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::data::DataView;
use super::examples;
use super::media::MediaView;
use crate::http::Input;

/// `POST /chat`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::said()))]
pub struct ChatBody {
    /// What is said: at least one character, unless there are `media` or an `action`.
    #[schema(max_length = 8_000)]
    pub message: Option<String>,
    /// In which conversation; a new one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub session_id: Option<SessionId>,
    /// Whom the agent shall play in a new conversation.
    pub role: Option<AgentRole>,
    /// Photos of the caller's that belong to it; no films.
    #[schema(value_type = Option<Vec<Uuid>>, max_items = 10)]
    #[serde(default)]
    media: Option<Vec<MediaId>>,
    /// The client's own id of the message: sent twice, it is taken once.
    #[schema(min_length = 1, max_length = 200)]
    pub client_message_id: Option<String>,
    /// A button of the open draft of the conversation that `session_id` names.
    #[serde(default)]
    action: Option<ActionBody>,
    /// What the message is about: exactly one of these.
    #[serde(default)]
    context: Option<ContextBody>,
}

/// A button of a draft.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
enum ActionBody {
    /// Of the open draft, whichever that is; `submit_enrollment` and `submit_offer` of one of that kind.
    Word(ActionWord),
    /// Of this draft, as it was shown.
    Button(ButtonBody),
}

/// What to do with which draft, in which version.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::action()))]
struct ButtonBody {
    kind: ActionKind,
    #[schema(value_type = String, format = Uuid)]
    draft_id: DraftId,
    draft_version: i32,
}

/// What a message is about: one of these.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1, max_properties = 1)]
struct ContextBody {
    /// A request of the caller's, or a lead.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    request_id: Option<RequestId>,
    /// An offer that the caller made or received.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    offer_id: Option<OfferId>,
    /// A booking of either side.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    booking_id: Option<BookingId>,
    /// Anybody who offers something.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    provider_id: Option<ProviderId>,
}

/// What a message was about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "only the schema is used")]
#[allow(clippy::enum_variant_names, reason = "they are named as the fields are")]
pub enum ContextView {
    /// A request.
    RequestId(RequestId),
    /// An offer.
    OfferId(OfferId),
    /// A booking.
    BookingId(BookingId),
    /// A provider.
    ProviderId(ProviderId),
}

impl ContextBody {
    fn named(&self) -> impl Iterator<Item = Context> {
        let named = [
            self.request_id.map(Context::RequestId),
            self.offer_id.map(Context::OfferId),
            self.booking_id.map(Context::BookingId),
            self.provider_id.map(Context::ProviderId),
        ];
        named.into_iter().flatten()
    }
}

impl ChatBody {
    /// The button that is pressed.
    pub fn pressed(&self) -> Option<Pressed> {
        self.action.map(|action| match action {
            ActionBody::Word(word) => Pressed::Word(word),
            ActionBody::Button(ButtonBody { kind, draft_id, draft_version }) => {
                Pressed::Button(Action { kind, draft_id, draft_version })
            }
        })
    }

    /// What the message is about.
    pub fn context(&self) -> Option<Context> {
        self.context.and_then(|context| context.named().next())
    }

    /// The photos with it.
    pub fn media(&self) -> Vec<MediaId> {
        self.media.clone().unwrap_or_default()
    }
}

impl Input for ChatBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        debug_assert_eq!(MESSAGE_MAX_CHARS, 8_000, "the schema says the same");
        let mut problems = Vec::new();
        let media = self.media.as_deref().unwrap_or_default();
        let is_blank = self.message.as_deref().is_none_or(|message| message.trim().is_empty());
        if is_blank && media.is_empty() && self.action.is_none() {
            problems.push(Problem::new("/message", "Say something: 1 to 8,000 characters."));
        }
        for (at, id) in media.iter().enumerate().filter(|(at, id)| media[..*at].contains(id)) {
            problems.push(Problem::new(format!("/media/{at}"), format!("{id} is here twice.")));
        }
        if self.action.is_some() && self.session_id.is_none() {
            problems.push(Problem::new("/session_id", "Name the conversation whose draft is meant."));
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
pub struct TranscriptView<'a> {
    #[serde(flatten)]
    session: SessionView,
    /// What the agent knows from it.
    #[schema(value_type = Known)]
    known: &'a Value,
    messages: MessagesView<'a>,
    active_tasks: Vec<TaskId>,
    #[schema(value_type = Option<DraftView>)]
    open_draft: Option<&'a DraftView>,
}

/// A page of messages, in order.
#[derive(Serialize, ToSchema)]
struct MessagesView<'a> {
    items: Vec<MessageView<'a>>,
    /// Towards newer messages.
    next_cursor: Option<String>,
    /// Towards older ones.
    prev_cursor: Option<String>,
}

/// What was said, as it is kept.
#[derive(Serialize, ToSchema)]
pub struct SaidView<'a> {
    id: MessageId,
    seq: i64,
    client_message_id: Option<&'a str>,
    role: Author,
    text: &'a str,
    /// The photos that came with it.
    media: Vec<MediaView>,
    task_id: Option<TaskId>,
    /// The draft as the answer showed it.
    #[schema(value_type = Option<DraftView>)]
    draft: Option<&'a Value>,
    created_at: DateTime<Utc>,
}

/// Something that was said.
#[derive(Serialize, ToSchema)]
pub struct MessageView<'a> {
    #[serde(flatten)]
    said: SaidView<'a>,
    status: Option<TaskStatus>,
    /// What the answer shows beside its text.
    data: Option<DataView<'a>>,
}

impl<'a> TranscriptView<'a> {
    /// A page of at most `limit` messages, of which one more was read in the page's way.
    pub fn new(transcript: &'a Transcript, page: Page, limit: i64, links: &'a Links) -> Self {
        let Transcript { session, messages, photos, shown, active, draft } = transcript;
        let more = messages.len() as i64 > limit;
        // The one too many is the furthest in the way that was gone.
        let messages = match page {
            Page::Before(_) => &messages[usize::from(more)..],
            Page::After(_) => &messages[..messages.len() - usize::from(more)],
        };
        let first = messages.first().map(|(message, _)| message.seq);
        let last = messages.last().map(|(message, _)| message.seq);
        let (older, newer) = match page {
            Page::Before(seq) => (more, seq != i64::MAX),
            Page::After(_) => (first.is_some_and(|seq| seq > 1), more),
        };
        let view = |said: &'a (Message, Option<TaskStatus>)| MessageView::new(said, photos, shown, links);
        Self {
            known: &session.known,
            session: SessionView::from(session),
            messages: MessagesView {
                next_cursor: last.filter(|_| newer).map(|seq| format!("after:{seq}")),
                prev_cursor: first.filter(|_| older).map(|seq| format!("before:{seq}")),
                items: messages.iter().map(view).collect(),
            },
            active_tasks: active.iter().map(|task| task.id).collect(),
            open_draft: draft.as_ref(),
        }
    }
}

impl<'a> MessageView<'a> {
    /// A message with the status of the task that answers it, its photos and what it shows, of all that are there.
    pub fn new(
        (message, status): &'a (Message, Option<TaskStatus>),
        photos: &HashMap<MessageId, Vec<Media>>,
        shown: &'a Shown,
        links: &Links,
    ) -> Self {
        Self {
            said: SaidView::new(message, photos, links),
            status: *status,
            data: message.data.as_ref().map(|data| DataView::new(data, shown, links)),
        }
    }
}

impl<'a> SaidView<'a> {
    /// A message with its photos, of all that are there.
    pub fn new(message: &'a Message, photos: &HashMap<MessageId, Vec<Media>>, links: &Links) -> Self {
        let photos = photos.get(&message.id).into_iter().flatten();
        Self {
            id: message.id,
            seq: message.seq,
            client_message_id: message.client_message_id.as_deref(),
            role: message.author,
            text: &message.text,
            media: photos.map(|photo| MediaView::new(photo, links, Audience::Private)).collect(),
            task_id: message.task_id,
            draft: message.draft.as_ref(),
            created_at: message.created_at,
        }
    }
}

/// The first `limit`, and whether there are more.
fn split<T>(items: &[T], limit: i64) -> (&[T], bool) {
    let limit = limit as usize;
    (&items[..items.len().min(limit)], items.len() > limit)
}
