//! Notifications: what people are told, and that they have read it.

use diesel_async::AsyncConnection;

use super::{Domain, audit};
use crate::auth::Actor;
use crate::db::notifications::Notice;
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::model::NotificationId;
use crate::model::notifications::{Notification, NotificationKind};

impl Domain {
    /// What the caller was told, the newest first; only what is not read yet, if so asked.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn notifications(
        &self,
        actor: &Actor,
        unread: bool,
        before: Option<NotificationId>,
        limit: i64,
    ) -> Result<Vec<Notification>> {
        let mut conn = self.queue.db.conn().await?;
        db::notifications::list_for(&mut conn, actor.user_id(), unread, before, limit).await
    }

    /// Marks a notification of the caller's as read.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn read_notification(&self, actor: &Actor, id: NotificationId) -> Result<Notification> {
        let mut conn = self.queue.db.conn().await?;
        conn.transaction(async |conn| {
            let read = db::notifications::read_for(conn, actor.scope(), id).await?;
            audit::record_unless_own(conn, actor, "notification.read", id.0, read.user_id).await?;
            Ok::<_, Error>(read)
        })
        .await
    }

    /// Marks all that the caller was told as read; answers how much was not.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn read_notifications(&self, actor: &Actor) -> Result<usize> {
        let mut conn = self.queue.db.conn().await?;
        db::notifications::read_all(&mut conn, actor.user_id()).await
    }
}

/// Reminds both sides of bookings that begin within a day, once, of up to `most`; answers of how many.
///
/// # Errors
/// When the database is away.
pub async fn remind(db: &Db, most: i64) -> Result<usize> {
    let mut conn = db.conn().await?;
    conn.transaction(async |conn| {
        let due = db::notifications::remind(conn, most).await?;
        let notices: Vec<Notice> = due
            .iter()
            .flat_map(|(about, sides)| {
                sides.map(|user| Notice::new(user, NotificationKind::Reminder24h, *about))
            })
            .collect();
        db::notifications::tell(conn, &notices).await?;
        Ok(due.len())
    })
    .await
}
