use std::collections::HashMap;

use chrono::{DateTime, Utc};
use proxie_shared::db::drafts::DraftStatus;
use proxie_shared::domain::export::Export;
use proxie_shared::model::chat::{Known, Session};
use proxie_shared::model::drafts::{Draft, DraftKind, RequestFields};
use proxie_shared::model::money::Budget;
use proxie_shared::model::places::Location;
use proxie_shared::model::requests::{Request, RequestStatus, Urgency};
use proxie_shared::model::{DraftId, RequestId, SessionId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::MeView;
use super::chat::{MessageView, SessionView};
use super::examples;
use super::requests::{WindowView, budget};

/// All that is kept about a user.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::export()))]
pub struct ExportView {
    user: MeView,
    sessions: Vec<ExportedSession>,
    requests: Vec<ExportedRequest>,
}

/// A conversation with all that was said.
#[derive(Serialize, ToSchema)]
pub struct ExportedSession {
    #[serde(flatten)]
    session: SessionView,
    /// What the agent knows from it.
    #[schema(value_type = Known)]
    known: Value,
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

/// A request.
#[derive(Serialize, ToSchema)]
pub struct ExportedRequest {
    id: RequestId,
    status: RequestStatus,
    service_id: String,
    city: String,
    location: Option<Location>,
    max_distance_km: Option<f64>,
    zone: String,
    window: Option<WindowView>,
    urgency: Urgency,
    budget: Option<Budget>,
    description: String,
    specializations: Vec<String>,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl ExportView {
    /// The view of an export.
    pub fn new(export: Export) -> Self {
        let Export { user, email, sessions, messages, drafts, requests } = export;
        let mut said: HashMap<SessionId, Vec<MessageView>> = HashMap::new();
        for message in messages {
            said.entry(message.session_id).or_default().push((message, None).into());
        }
        let mut prepared: HashMap<SessionId, Vec<ExportedDraft>> = HashMap::new();
        for (draft, status) in drafts {
            prepared.entry(draft.session_id).or_default().push((draft, status).into());
        }
        let sessions = sessions.into_iter().map(|session: Session| ExportedSession {
            session: SessionView::from(&session),
            messages: said.remove(&session.id).unwrap_or_default(),
            drafts: prepared.remove(&session.id).unwrap_or_default(),
            known: session.known,
        });
        Self {
            sessions: sessions.collect(),
            requests: requests.into_iter().map(ExportedRequest::from).collect(),
            user: MeView::new(&user, user.role, email),
        }
    }
}

impl From<(Draft, DraftStatus)> for ExportedDraft {
    fn from((draft, status): (Draft, DraftStatus)) -> Self {
        let Draft { id, version, kind, fields, expires_at, .. } = draft;
        Self { id, version, kind, status, fields, expires_at }
    }
}

impl From<Request> for ExportedRequest {
    fn from(request: Request) -> Self {
        Self {
            window: WindowView::of(&request),
            budget: budget(&request),
            location: request
                .latitude
                .zip(request.longitude)
                .map(|(latitude, longitude)| Location { latitude, longitude }),
            specializations: request.specializations.into_iter().flatten().collect(),
            id: request.id,
            status: request.status,
            service_id: request.service_id,
            city: request.city,
            max_distance_km: request.max_distance_km,
            zone: request.zone,
            urgency: request.urgency,
            description: request.description,
            expires_at: request.expires_at,
            created_at: request.created_at,
        }
    }
}
