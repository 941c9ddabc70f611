//! Offers that their makers take back or their consumers decline.

use diesel_async::AsyncConnection;

use super::read::{OfferDetails, shown_one};
use super::{lapse, lock_request, require_live, settle, to_makers};
use crate::auth::Actor;
use crate::db::notifications::tell;
use crate::db::offers::Sides;
use crate::db::{self, Conn};
use crate::domain::persistence::persistently;
use crate::domain::{Domain, audit};
use crate::error::Result;
use crate::model::notifications::NotificationKind;
use crate::model::offers::OfferStatus;
use crate::model::{OfferId, RequestId, UserId};

impl Domain {
    /// Takes an offer of the caller back.
    ///
    /// # Errors
    /// `not_yours`; `offer_not_pending`.
    pub async fn withdraw_offer(&self, actor: &Actor, id: OfferId) -> Result<OfferDetails> {
        let mut conn = self.queue.db.conn().await?;
        persistently!(conn, async |conn| {
            let sides = db::offers::made_by(conn, actor.scope(), id).await?;
            if end(conn, actor.user_id(), id, sides, OfferStatus::Withdrawn, None).await? {
                audit::record_unless_own(conn, actor, "offer.withdraw", id.0, sides.provider).await?;
            }
            let offer = db::offers::lock(conn, id).await?;
            shown_one(conn, offer).await
        })
    }

    /// Declines an offer for a request of the caller.
    ///
    /// # Errors
    /// `not_yours`; `offer_not_pending`.
    pub async fn decline_offer(
        &self,
        actor: &Actor,
        id: OfferId,
        reason: Option<&str>,
    ) -> Result<OfferDetails> {
        let mut conn = self.queue.db.conn().await?;
        persistently!(conn, async |conn| {
            let sides = db::offers::received_by(conn, actor.scope(), id).await?;
            if end(conn, actor.user_id(), id, sides, OfferStatus::Declined, reason).await? {
                tell(conn, &to_makers(NotificationKind::OfferDeclined, &[(id, sides)])).await?;
                audit::record_unless_own(conn, actor, "offer.decline", id.0, sides.consumer).await?;
            }
            let offer = db::offers::lock(conn, id).await?;
            shown_one(conn, offer).await
        })
    }
}

/// Withdraws live offers, all locked with their requests, as the account of this user closes who made them.
///
/// # Errors
/// When the database is away.
pub(in crate::domain) async fn end_with_account(
    conn: &mut Conn,
    user: UserId,
    offers: &[(OfferId, RequestId)],
) -> Result<()> {
    let (ids, of): (Vec<OfferId>, Vec<RequestId>) = offers.iter().copied().unzip();
    let (from, to) = (OfferStatus::Pending, OfferStatus::Withdrawn);
    db::offers::move_all(conn, &ids, from, to, Some(user), None).await?;
    for request in db::requests::lock_all(conn, &of).await? {
        settle(conn, &request, Some(user)).await?;
    }
    Ok(())
}

/// Ends a live offer, and matches its request again if it was the last one; answers whether it did, and had not been done
/// by the same person before.
async fn end(
    conn: &mut Conn,
    actor: UserId,
    id: OfferId,
    sides: Sides,
    to: OfferStatus,
    note: Option<&str>,
) -> Result<bool> {
    let request = lock_request(conn, sides.request_id).await?;
    let (request, _) = lapse(conn, request).await?;
    let offer = db::offers::lock(conn, id).await?;
    if offer.status == to && db::offers::moved_by(conn, id, to).await? == Some(actor) {
        return Ok(false);
    }
    require_live(&offer, &request)?;
    db::offers::move_all(conn, &[id], offer.status, to, Some(actor), note).await?;
    settle(conn, &request, Some(actor)).await?;
    Ok(true)
}
