//! Queries on notifications.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Conn;
use super::schema::notifications;
use crate::error::Result;
use crate::model::notifications::{About, NotificationKind};
use crate::model::{NotificationId, UserId};

/// Something that somebody is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Insertable)]
#[diesel(table_name = notifications)]
pub struct Notice {
    id: NotificationId,
    user_id: UserId,
    kind: NotificationKind,
    #[diesel(embed)]
    about: About,
}

impl Notice {
    /// Tells `user` what happened, and to what.
    #[must_use]
    pub fn new(user: UserId, kind: NotificationKind, about: About) -> Self {
        Self { id: NotificationId::new(), user_id: user, kind, about }
    }
}

/// Tells people what this transaction does; what is said once only and was said is not said again.
///
/// # Errors
/// When the database is away.
pub async fn tell(conn: &mut Conn, notices: &[Notice]) -> Result<()> {
    diesel::insert_into(notifications::table).values(notices).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}
