//! What other issuers tell of their users.

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;

use super::{Domain, accounts};
use crate::config::IssuerConfig;
use crate::db;
use crate::error::{Error, Result};
use crate::model::users::{Role, User, UserStatus};

/// Something that happened to a user at their issuer.
#[derive(Clone, Debug)]
pub struct Event {
    /// Who they are there.
    pub subject: String,
    /// When; older events than the last one applied are ignored.
    pub at: DateTime<Utc>,
    /// What.
    pub happened: Happened,
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum Happened {
    /// The user was made or changed.
    Changed {
        /// The role that the issuer says.
        role: Option<Role>,
        /// First name.
        name: Option<String>,
    },
    /// The user is no more: the account here closes, for ever.
    Deleted,
}

impl Domain {
    /// Applies an event, once.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn apply_issuer_event(&self, issuer: &IssuerConfig, id: &str, event: Event) -> Result<()> {
        // A clock ahead of ours must not keep later changes out.
        let at = event.at.min(Utc::now());
        let mut conn = self.queue.db.conn().await?;
        let closed = conn
            .transaction(async |conn| {
                if !db::users::note_event(conn, id).await? {
                    return Ok(accounts::Closed::default());
                }
                let user = db::users::ensure(conn, &issuer.issuer, &event.subject, None).await?;
                let user = db::users::lock(conn, user.id).await?;
                let fresh = db::users::advance_event(conn, user.id, at).await?;
                if !fresh || user.status == UserStatus::Deleted {
                    return Ok(accounts::Closed::default());
                }
                Ok::<_, Error>(match event.happened {
                    Happened::Deleted => accounts::close_in(conn, user.id).await?,
                    Happened::Changed { role, name } => {
                        change(conn, issuer, &user, role, name, at).await?;
                        accounts::Closed::default()
                    }
                })
            })
            .await?;
        drop(conn);
        self.announce_closed(&closed);
        Ok(())
    }
}

async fn change(
    conn: &mut db::Conn,
    issuer: &IssuerConfig,
    user: &User,
    role: Option<Role>,
    name: Option<String>,
    at: DateTime<Utc>,
) -> Result<()> {
    if let Some(name) = name {
        db::users::set_name(conn, user.id, &name).await?;
    }
    if let Some(role) = role.filter(|role| issuer.may_give(*role)) {
        db::users::sync_role(conn, user.id, role, at).await?;
    }
    Ok(())
}
