use chrono::{DateTime, Utc};
use proxie_shared::domain::export::Export;
use proxie_shared::model::chat::Message;
use proxie_shared::model::requests::{Request, RequestStatus};
use proxie_shared::model::{RequestId, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::MeView;
use super::chat::{MessageView, SessionView};

/// All that is kept about a user.
#[derive(Serialize, ToSchema)]
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
    messages: Vec<MessageView>,
}

/// A request.
#[derive(Serialize, ToSchema)]
pub struct ExportedRequest {
    id: RequestId,
    status: RequestStatus,
    service_id: String,
    city: String,
    description: String,
    created_at: DateTime<Utc>,
}

impl ExportView {
    /// The view of an export.
    pub fn new(export: Export) -> Self {
        let Export { user, email, sessions, messages, requests } = export;
        let of = |session: SessionId| -> Vec<MessageView> {
            let theirs = messages.iter().filter(|message: &&Message| message.session_id == session);
            theirs.cloned().map(|message| MessageView::from((message, None))).collect()
        };
        let sessions = sessions
            .iter()
            .map(|session| ExportedSession { messages: of(session.id), session: SessionView::from(session) });
        Self {
            sessions: sessions.collect(),
            requests: requests.into_iter().map(ExportedRequest::from).collect(),
            user: MeView::new(&user, user.role, email),
        }
    }
}

impl From<Request> for ExportedRequest {
    fn from(request: Request) -> Self {
        let Request { id, status, service_id, city, description, created_at, .. } = request;
        Self { id, status, service_id, city, description, created_at }
    }
}
