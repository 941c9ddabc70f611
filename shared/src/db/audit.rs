//! The log of what admins did with what is not theirs.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::Conn;
use super::schema::audit_log;
use crate::error::Result;
use crate::model::UserId;

/// A row of `audit_log`.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::pg::Pg))]
pub struct AuditEntry {
    /// Sorts by time.
    pub id: Uuid,
    /// Who did it; nobody for an operator on the command line.
    pub admin_id: Option<UserId>,
    /// What: noun and verb, as in `task.cancel`.
    pub action: String,
    /// With what, if it is not of the catalog.
    pub object_id: Option<Uuid>,
    /// Whose it was.
    pub owner_id: Option<UserId>,
    /// More.
    pub note: Value,
    /// When.
    pub created_at: DateTime<Utc>,
    /// With what of the catalog.
    pub object_slug: Option<String>,
}

/// Adds an entry.
///
/// # Errors
/// When the database is away.
pub async fn insert(conn: &mut Conn, entry: &AuditEntry) -> Result<()> {
    diesel::insert_into(audit_log::table).values(entry).execute(conn).await?;
    Ok(())
}

/// Entries, the newest first.
///
/// # Errors
/// When the database is away.
pub async fn list(conn: &mut Conn, before: Option<Uuid>, limit: i64) -> Result<Vec<AuditEntry>> {
    let mut query = audit_log::table
        .select(AuditEntry::as_select())
        .order(audit_log::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(audit_log::id.lt(before));
    }
    Ok(query.load(conn).await?)
}
