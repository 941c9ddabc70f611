//! What admins do with what is not theirs is written down, in the transaction that does it.

use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Domain;
use crate::auth::{Actor, Admin};
use crate::db::Conn;
use crate::db::audit::{self, AuditEntry};
use crate::error::Result;
use crate::model::UserId;

/// What a move is on: something with an id, or something of the catalog.
pub(super) enum Object<'a> {
    /// Its id.
    Id(Uuid),
    /// Its slug.
    Slug(&'a str),
}

impl From<Uuid> for Object<'_> {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

/// Writes down a move on something, unless it is the actor's own.
pub(super) async fn record_unless_own(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    object: Uuid,
    owner: UserId,
) -> Result<()> {
    if owner == actor.user_id() {
        return Ok(());
    }
    record(conn, Some(actor.user_id()), action, object, Some(owner), json!({})).await
}

/// Writes down a move.
pub(super) async fn record(
    conn: &mut Conn,
    admin: Option<UserId>,
    action: &str,
    object: impl Into<Object<'_>>,
    owner: Option<UserId>,
    note: Value,
) -> Result<()> {
    let (object_id, object_slug) = match object.into() {
        Object::Id(id) => (Some(id), None),
        Object::Slug(slug) => (None, Some(slug.to_owned())),
    };
    let entry = AuditEntry {
        id: Uuid::now_v7(),
        admin_id: admin,
        action: action.to_owned(),
        object_id,
        owner_id: owner,
        note,
        created_at: Utc::now(),
        object_slug,
    };
    audit::insert(conn, &entry).await
}

impl Domain {
    /// What admins did, the newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn audit_log(&self, _: &Admin, before: Option<Uuid>, limit: i64) -> Result<Vec<AuditEntry>> {
        let mut conn = self.queue.db.conn().await?;
        audit::list(&mut conn, before, limit).await
    }
}
