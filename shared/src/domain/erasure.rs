//! A person leaves: what is kept about them goes, or becomes nobody's; what others are part of stays whole.
//!
//! - Gone: account, sign-ins, profile, what is remembered, conversations with all that was said and prepared, tasks, enrollment, media,
//!   notifications, what a business offers and shows, answers to keys.
//! - Nobody's: requests without words and place, offers without their letters, bookings without address, instructions and
//!   reasons, reviews without author and words, what models cost. Ratings stay: a provider's numbers are made of them.
//! - The row of the user stays without a name, so that `(issuer, subject)` does not come back; and so does the audit log, which
//!   knows ids and states only.

use diesel_async::AsyncConnection;
use serde_json::json;

use super::accounts::{Closed, close_in};
use super::{Domain, audit};
use crate::db;
use crate::error::{Error, Result};
use crate::llm::Forget;
use crate::model::UserId;
use crate::model::users::UserStatus;

impl Domain {
    /// Closes an account for ever and erases the person, in an operator's name: by the e-mail of a local account, or by id.
    /// What was closed before is erased again.
    ///
    /// # Errors
    /// `not_yours` when there is none.
    pub async fn erase(&self, email_or_id: &str) -> Result<UserId> {
        let id = self.find_user(email_or_id).await?;
        let mut conn = self.queue.db.conn().await?;
        let closed = conn
            .transaction(async |conn| {
                let user = db::users::lock(conn, id).await?;
                let closed = match user.status {
                    UserStatus::Deleted => {
                        let held = db::erasure::hold(conn, id).await?;
                        let erased = db::erasure::erase(conn, id, held).await?;
                        Closed { erased, ..Closed::default() }
                    }
                    UserStatus::Active | UserStatus::Suspended => close_in(conn, id).await?,
                };
                let note = json!({"from": user.status, "to": UserStatus::Deleted});
                audit::record(conn, None, "user.erase", id.0, Some(id), note).await?;
                Ok::<_, Error>(closed)
            })
            .await?;
        drop(conn);
        self.announce_closed(&closed);
        self.forget_if_possible(Forget::User(id)).await;
        Ok(id)
    }
}
