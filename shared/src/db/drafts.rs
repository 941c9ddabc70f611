//! Queries on drafts.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Conn;
use super::schema::{drafts, sql_types};
use crate::error::Result;
use crate::model::chat::Action;
use crate::model::drafts::{Draft, DraftKind};
use crate::model::sql_enum::sql_enum;
use crate::model::{DraftId, SessionId, UserId};

sql_enum! {
    /// Whether a draft still waits.
    DraftStatus as sql_types::DraftStatus {
        /// Waits.
        Open,
        /// Approved.
        Approved,
        /// Dropped by the user.
        Cancelled,
        /// Another intent took its place.
        Superseded,
    }
}

/// The open draft of a conversation, if it has one that has not lapsed by `now`, the agent's own time.
///
/// # Errors
/// When the database is away.
pub async fn open_of(conn: &mut Conn, session: SessionId, now: DateTime<Utc>) -> Result<Option<Draft>> {
    Ok(drafts::table
        .filter(drafts::session_id.eq(session).and(drafts::status.eq(DraftStatus::Open)))
        .filter(drafts::expires_at.gt(now))
        .select(Draft::as_select())
        .get_result(conn)
        .await
        .optional()?)
}

/// What a draft is to hold.
pub struct Content<'a> {
    /// What has been gathered.
    pub fields: &'a Value,
    /// Which optional fields were asked for.
    pub asked: &'a [&'a str],
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

/// Opens a draft.
///
/// # Errors
/// When the database is away, or the conversation has an open draft.
pub async fn open(
    conn: &mut Conn,
    session: SessionId,
    owner: UserId,
    kind: DraftKind,
    content: &Content<'_>,
) -> Result<Draft> {
    Ok(diesel::insert_into(drafts::table)
        .values((
            drafts::id.eq(DraftId::new()),
            drafts::session_id.eq(session),
            drafts::user_id.eq(owner),
            drafts::kind.eq(kind),
            drafts::fields.eq(content.fields),
            drafts::asked.eq(content.asked),
            drafts::expires_at.eq(content.expires_at),
        ))
        .returning(Draft::as_select())
        .get_result(conn)
        .await?)
}

/// Writes a draft's content; `changed` fields make a new version, which needs a new yes.
///
/// # Errors
/// When the database is away.
pub async fn update(conn: &mut Conn, id: DraftId, content: &Content<'_>, changed: bool) -> Result<Draft> {
    Ok(diesel::update(drafts::table.find(id))
        .set((
            drafts::fields.eq(content.fields),
            drafts::asked.eq(content.asked),
            drafts::expires_at.eq(content.expires_at),
            drafts::version.eq(drafts::version + i32::from(changed)),
            drafts::updated_at.eq(diesel::dsl::now),
        ))
        .returning(Draft::as_select())
        .get_result(conn)
        .await?)
}

/// All drafts of these conversations, in order, and how each ended.
///
/// # Errors
/// When the database is away.
pub async fn all(conn: &mut Conn, sessions: &[SessionId]) -> Result<Vec<(Draft, DraftStatus)>> {
    Ok(drafts::table
        .filter(drafts::session_id.eq_any(sessions))
        .order(drafts::id)
        .select((Draft::as_select(), drafts::status))
        .load(conn)
        .await?)
}

/// Deletes the drafts of a conversation.
///
/// # Errors
/// When the database is away.
pub async fn delete_of_session(conn: &mut Conn, session: SessionId) -> Result<()> {
    diesel::delete(drafts::table.filter(drafts::session_id.eq(session))).execute(conn).await?;
    Ok(())
}

/// The open draft of a conversation, lapsed or not, locked.
///
/// # Errors
/// When the database is away.
pub async fn lock_open(conn: &mut Conn, session: SessionId) -> Result<Option<Draft>> {
    Ok(drafts::table
        .filter(drafts::session_id.eq(session).and(drafts::status.eq(DraftStatus::Open)))
        .select(Draft::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?)
}

/// Ends a draft.
///
/// # Errors
/// When the database is away.
pub async fn end(conn: &mut Conn, id: DraftId, status: DraftStatus) -> Result<()> {
    diesel::update(drafts::table.find(id))
        .set((drafts::status.eq(status), drafts::updated_at.eq(diesel::dsl::now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// What an approval that was carried out before did.
///
/// # Errors
/// When the database is away.
pub async fn find_approved(
    conn: &mut Conn,
    session: SessionId,
    approval: Action,
) -> Result<Option<DraftKind>> {
    Ok(drafts::table
        .filter(drafts::id.eq(approval.draft_id).and(drafts::session_id.eq(session)))
        .filter(drafts::version.eq(approval.draft_version))
        .filter(drafts::status.eq(DraftStatus::Approved))
        .select(drafts::kind)
        .get_result(conn)
        .await
        .optional()?)
}
