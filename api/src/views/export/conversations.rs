use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::db::drafts::DraftStatus;
use proxie_shared::domain::export::Export;
use proxie_shared::domain::shown::shows;
use proxie_shared::model::chat::{Known, Message};
use proxie_shared::model::drafts::{Draft, DraftKind, Fields};
use proxie_shared::model::providers::Candidate;
use proxie_shared::model::tasks::{Task, TaskError, TaskKind, TaskStage, TaskStatus};
use proxie_shared::model::{BookingId, DraftId, EnrollmentId, OfferId, RequestId, SessionId, TaskId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::views::chat::{ContextView, SaidView, SessionView};
use crate::views::data::GatheredView;
use crate::views::results::{ActionView, EffectView, OfferDraftResultView, ResultView, TaskErrorView};

/// A conversation with all that was said.
#[derive(Serialize, ToSchema)]
pub struct ExportedSession<'a> {
    #[serde(flatten)]
    session: SessionView,
    /// What the agent knows from it.
    #[schema(value_type = Known)]
    known: &'a Value,
    /// What was said first, in a few sentences, once it is long.
    summary: Option<&'a str>,
    messages: Vec<ExportedMessage<'a>>,
    drafts: Vec<ExportedDraft>,
}

/// Something that was said.
#[derive(Serialize, ToSchema)]
pub struct ExportedMessage<'a> {
    #[serde(flatten)]
    said: SaidView<'a>,
    /// What the answer showed beside its text.
    data: Option<ExportedData<'a>>,
    /// The button that was pressed.
    #[schema(value_type = Option<ActionView>)]
    action: Option<&'a Value>,
    /// What it was about, as the client said.
    #[schema(value_type = Option<ContextView>)]
    context: Option<&'a Value>,
}

/// What an answer showed beside its text: what was found, and the ids of the rest, which stands elsewhere in here.
#[derive(Serialize, ToSchema)]
pub struct ExportedData<'a> {
    /// What is known of the need.
    #[schema(value_type = Option<GatheredView>)]
    gathered: Option<&'a Value>,
    /// Who was found.
    #[schema(value_type = Option<Vec<Candidate>>)]
    providers: Option<Value>,
    request_id: Option<RequestId>,
    offer_ids: Vec<OfferId>,
    booking_ids: Vec<BookingId>,
    /// By their requests.
    lead_ids: Vec<RequestId>,
    /// What to offer for a lead.
    #[schema(value_type = Option<OfferDraftResultView>)]
    suggestion: Option<Value>,
    enrollment_id: Option<EnrollmentId>,
}

/// What the agent prepared.
#[derive(Serialize, ToSchema)]
pub struct ExportedDraft {
    id: DraftId,
    version: i32,
    kind: DraftKind,
    status: DraftStatus,
    #[schema(value_type = Fields)]
    fields: Value,
    expires_at: DateTime<Utc>,
}

/// What was done in the background.
#[derive(Serialize, ToSchema)]
pub struct ExportedTask<'a> {
    task_id: TaskId,
    kind: TaskKind,
    status: TaskStatus,
    stage: TaskStage,
    session_id: Option<SessionId>,
    request_id: Option<RequestId>,
    retry_of: Option<TaskId>,
    /// What came of it, as long as that is kept; of a message, its answer stands in the conversation.
    #[schema(value_type = Option<ResultView>)]
    result: Option<&'a Value>,
    /// Why it failed.
    #[schema(value_type = Option<TaskErrorView>)]
    error: Option<TaskError>,
    /// What already happened and stands.
    #[schema(value_type = Vec<EffectView>)]
    effects: &'a Value,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Conversations with all that was said and prepared in them; drafts are moved into it.
pub fn sessions<'a>(
    export: &'a Export,
    drafts: Vec<(Draft, DraftStatus)>,
    links: &'a Links,
) -> Vec<ExportedSession<'a>> {
    let mut said: HashMap<SessionId, Vec<ExportedMessage<'a>>> = HashMap::new();
    for message in &export.messages {
        said.entry(message.session_id).or_default().push(ExportedMessage::new(message, export, links));
    }
    let mut prepared: HashMap<SessionId, Vec<ExportedDraft>> = HashMap::new();
    for (draft, status) in drafts {
        prepared.entry(draft.session_id).or_default().push((draft, status).into());
    }
    let exported = export.sessions.iter().map(|session| ExportedSession {
        session: SessionView::from(session),
        messages: said.remove(&session.id).unwrap_or_default(),
        drafts: prepared.remove(&session.id).unwrap_or_default(),
        known: &session.known,
        summary: session.summary.as_deref(),
    });
    exported.collect()
}

impl From<(Draft, DraftStatus)> for ExportedDraft {
    fn from((draft, status): (Draft, DraftStatus)) -> Self {
        let Draft { id, version, kind, fields, expires_at, .. } = draft;
        Self { id, version, kind, status, fields, expires_at }
    }
}

impl<'a> ExportedMessage<'a> {
    fn new(message: &'a Message, export: &Export, links: &Links) -> Self {
        Self {
            said: SaidView::new(message, &export.photos, links),
            data: message.data.as_ref().map(ExportedData::from),
            action: message.action.as_ref(),
            context: message.context.as_ref(),
        }
    }
}

impl<'a> From<&'a Value> for ExportedData<'a> {
    fn from(data: &'a Value) -> Self {
        let shows = shows(data);
        Self {
            gathered: data.get("gathered"),
            providers: shows.providers,
            request_id: shows.request,
            offer_ids: shows.offers,
            booking_ids: shows.bookings.into_iter().chain(shows.booking).collect(),
            lead_ids: shows.leads.into_iter().chain(shows.lead).collect(),
            suggestion: shows.suggestion,
            enrollment_id: shows.enrollment,
        }
    }
}

impl<'a> From<&'a Task> for ExportedTask<'a> {
    fn from(task: &'a Task) -> Self {
        Self {
            task_id: task.id,
            kind: task.kind,
            status: task.status,
            stage: task.stage,
            session_id: task.session_id,
            request_id: task.request_id,
            retry_of: task.retry_of,
            result: task.result.as_ref().filter(|_| task.kind != TaskKind::Chat),
            error: task.error(),
            effects: &task.effects,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}
