//! Cancelling a request.

use chrono::Utc;
use diesel_async::AsyncConnection;

use super::{Own, move_to, refusal};
use crate::auth::Actor;
use crate::db::notifications::{Notice, tell};
use crate::db::{self, Conn};
use crate::domain::{Domain, audit, offers};
use crate::error::{Error, Result};
use crate::model::notifications::{About, NotificationKind};
use crate::model::requests::{Request, RequestStatus};
use crate::model::{RequestId, UserId};

impl Domain {
    /// Cancels an open request: its offers are declined, its matching ends. The same again, by the same person, changes
    /// nothing.
    ///
    /// # Errors
    /// `not_yours`; `request_closed`, also for a booked one: that ends with its booking.
    pub async fn cancel_request(&self, actor: &Actor, id: RequestId, reason: Option<&str>) -> Result<Own> {
        let mut conn = self.queue.db.conn().await?;
        let (own, dropped) = conn
            .transaction(async |conn| {
                let request = db::requests::lock_for(conn, actor.scope(), id).await?;
                let to = RequestStatus::Cancelled;
                if request.status == to
                    && db::requests::moved_by(conn, id, to).await? == Some(actor.user_id())
                {
                    return Ok((super::read::own(conn, request).await?, Vec::new()));
                }
                let stands = request.stands_at(Utc::now());
                if stands == RequestStatus::Booked {
                    let detail = "This request is booked: cancel its booking instead.";
                    return Err(refusal(stands).detail(detail));
                }
                let (request, _) = offers::lapse(conn, request).await?;
                cancel_in(conn, &request, Some(actor.user_id()), reason).await?;
                let dropped = db::tasks::cancel_of_request(conn, id, None).await?;
                audit::record_unless_own(conn, actor, "request.cancel", id.0, request.user_id).await?;
                let request = Request { status: RequestStatus::Cancelled, ..request };
                Ok::<_, Error>((super::read::own(conn, request).await?, dropped))
            })
            .await?;
        drop(conn);
        self.queue.announce_cancelled(&dropped).await?;
        Ok(own)
    }
}

/// Cancels a locked request that is open: its offers are declined and their providers told. What works on it is the
/// caller's to end.
///
/// # Errors
/// `request_closed` when it is not open.
pub(in crate::domain) async fn cancel_in(
    conn: &mut Conn,
    request: &Request,
    actor: Option<UserId>,
    reason: Option<&str>,
) -> Result<()> {
    let stands = request.stands_at(Utc::now());
    if !stands.is_open() {
        return Err(refusal(stands));
    }
    move_to(conn, request, RequestStatus::Cancelled, actor, reason).await?;
    let declined =
        db::requests::decline_offers(conn, request.id, actor, Some("the request was cancelled")).await?;
    let notices: Vec<Notice> = declined
        .into_iter()
        .map(|(offer, provider)| {
            let about = About { request_id: Some(request.id), offer_id: Some(offer), ..About::default() };
            Notice::new(provider, NotificationKind::OfferDeclined, about)
        })
        .collect();
    tell(conn, &notices).await
}
