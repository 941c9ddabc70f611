use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proxie_shared::db::drafts::DraftStatus;
use proxie_shared::model::chat::{Known, Message, Session};
use proxie_shared::model::drafts::{Draft, DraftKind, RequestFields};
use proxie_shared::model::tasks::{Task, TaskError, TaskKind, TaskStage, TaskStatus};
use proxie_shared::model::{DraftId, RequestId, SessionId, TaskId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::views::chat::{MessageView, SessionView};
use crate::views::results::{EffectView, ResultView, TaskErrorView};

/// A conversation with all that was said.
#[derive(Serialize, ToSchema)]
pub struct ExportedSession<'a> {
    #[serde(flatten)]
    session: SessionView,
    /// What the agent knows from it.
    #[schema(value_type = Known)]
    known: &'a Value,
    messages: Vec<MessageView>,
    drafts: Vec<ExportedDraft>,
}

/// What the agent prepared.
#[derive(Serialize, ToSchema)]
pub struct ExportedDraft {
    id: DraftId,
    version: i32,
    kind: DraftKind,
    status: DraftStatus,
    #[schema(value_type = RequestFields)]
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
    /// What came of it, as long as that is kept.
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

/// Conversations with all that was said and prepared in them.
pub fn sessions(
    sessions: &[Session],
    messages: Vec<Message>,
    drafts: Vec<(Draft, DraftStatus)>,
) -> Vec<ExportedSession<'_>> {
    let mut said: HashMap<SessionId, Vec<MessageView>> = HashMap::new();
    for message in messages {
        said.entry(message.session_id).or_default().push((message, None).into());
    }
    let mut prepared: HashMap<SessionId, Vec<ExportedDraft>> = HashMap::new();
    for (draft, status) in drafts {
        prepared.entry(draft.session_id).or_default().push((draft, status).into());
    }
    let exported = sessions.iter().map(|session| ExportedSession {
        session: SessionView::from(session),
        messages: said.remove(&session.id).unwrap_or_default(),
        drafts: prepared.remove(&session.id).unwrap_or_default(),
        known: &session.known,
    });
    exported.collect()
}

impl From<(Draft, DraftStatus)> for ExportedDraft {
    fn from((draft, status): (Draft, DraftStatus)) -> Self {
        let Draft { id, version, kind, fields, expires_at, .. } = draft;
        Self { id, version, kind, status, fields, expires_at }
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
            result: task.result.as_ref(),
            error: task.error(),
            effects: &task.effects,
            created_at: task.created_at,
            updated_at: task.updated_at,
        }
    }
}
