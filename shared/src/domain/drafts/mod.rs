//! Drafts: what the agent has prepared, and what becomes of it.

mod approve;
pub(super) mod request;

pub(super) use approve::{named, settle};

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::agent::{Acted, Conversation, DraftView};
use crate::db::drafts::{Content, DraftStatus};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::model::SessionId;
use crate::model::drafts::{DRAFT_DAYS, Draft, Fields};

/// The open draft of a conversation as its owner sees it.
pub(super) async fn open_view(
    conn: &mut Conn,
    session: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<DraftView>> {
    db::drafts::open_of(conn, session, now).await?.as_ref().map(view).transpose()
}

/// A draft as its owner sees it.
pub(super) fn view(draft: &Draft) -> Result<DraftView> {
    let fields = Fields::of(draft.kind, &draft.fields)?;
    Ok(DraftView {
        id: draft.id,
        version: draft.version,
        kind: draft.kind,
        missing: fields.missing().into_iter().map(str::to_owned).collect(),
        fields,
        expires_at: draft.expires_at,
    })
}

/// The fields of the conversation's open draft.
pub(super) async fn open_fields(conn: &mut Conn, chat: &Conversation) -> Result<Option<Fields>> {
    let draft = db::drafts::open_of(conn, chat.session.id, chat.now).await?;
    Ok(draft.map(|draft| Fields::of(draft.kind, &draft.fields)).transpose()?)
}

/// Makes these the open draft's fields: a changed draft has a new version, which needs a new yes; one of another kind is
/// superseded.
pub(super) async fn put(conn: &mut Conn, chat: &Conversation, fields: &Fields) -> Result<Draft> {
    put_asked(conn, chat, fields, &[]).await
}

/// As [`put`], with what was asked for already.
async fn put_asked(conn: &mut Conn, chat: &Conversation, fields: &Fields, asked: &[&str]) -> Result<Draft> {
    let json = serde_json::to_value(fields)?;
    let content = Content { fields: &json, asked, expires_at: chat.now + Duration::days(DRAFT_DAYS) };
    match db::drafts::lock_open(conn, chat.session.id).await? {
        Some(open) if open.kind == fields.kind() && open.expires_at > chat.now => {
            db::drafts::update(conn, open.id, &content, open.fields != json).await
        }
        open => {
            if let Some(open) = open {
                db::drafts::end(conn, open.id, DraftStatus::Superseded).await?;
            }
            db::drafts::open(conn, chat.session.id, chat.user_id(), fields.kind(), &content).await
        }
    }
}

/// Ends the open draft, as something else has taken its place.
pub(super) async fn supersede(conn: &mut Conn, session: SessionId) -> Result<()> {
    match db::drafts::lock_open(conn, session).await? {
        Some(open) => db::drafts::end(conn, open.id, DraftStatus::Superseded).await,
        None => Ok(()),
    }
}

/// What a tool answers that has drafted something: nothing has happened yet.
pub(super) async fn drafted(conn: &mut Conn, chat: &Conversation, fields: &Fields) -> Result<Acted> {
    let draft = put(conn, chat, fields).await?;
    Ok(Acted::drafted(told(&draft, fields)))
}

/// A draft as the model is told of it.
pub(super) fn told(draft: &Draft, fields: &Fields) -> Value {
    let missing = fields.missing();
    json!({
        "draft": {"kind": draft.kind, "version": draft.version, "fields": fields, "missing": missing},
        "awaiting_approval": missing.is_empty(),
    })
}
