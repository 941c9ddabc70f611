//! Offers: made by providers, accepted or declined by consumers.

mod accept;
mod end;
mod expire;
mod make;
mod read;

pub use accept::Acceptance;
use chrono::{NaiveDate, NaiveTime, Utc};
pub(in crate::domain) use end::end_with_account;
pub(in crate::domain) use expire::lapse;
pub use expire::{expire_offers, expire_without_slots};
pub use make::{Maker, NewOffer, make};
pub(in crate::domain) use make::{check, require_open};
pub(in crate::domain) use read::shown;
pub use read::{OfferDetails, ShownSlot};

use crate::db::notifications::Notice;
use crate::db::offers::Sides;
use crate::db::{self, Conn};
use crate::error::{Code, Error, Result};
use crate::model::notifications::{About, NotificationKind};
use crate::model::offers::{Offer, OfferStatus};
use crate::model::requests::{Request, RequestStatus};
use crate::model::{OfferId, RequestId, UserId};

/// A slot as somebody names it: by the provider's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedSlot {
    /// The local date of its begin.
    pub date: NaiveDate,
    /// Its begin as local clocks show it.
    pub start_time: NaiveTime,
}

/// Why an offer ended that nobody ended by hand, as it is written down and told.
const TIME_OVER: &str = "time_over";
/// None of its slots was left.
const SLOTS_GONE: &str = "slots_gone";
/// Another offer for the request was accepted.
const ANOTHER_ACCEPTED: &str = "another_accepted";

/// What is said of an offer that does not stand as a move would have it.
fn not_pending(stands: OfferStatus) -> Error {
    Error::illegal_move(Code::OfferNotPending, stands)
}

/// The request of an offer, locked.
async fn lock_request(conn: &mut Conn, id: RequestId) -> Result<Request> {
    let locked = db::requests::lock_all(conn, &[id]).await?;
    locked.into_iter().next().ok_or_else(|| Code::Internal.into())
}

/// What a notice about an offer is about.
fn about(request: RequestId, offer: OfferId) -> About {
    About { request_id: Some(request), offer_id: Some(offer), ..About::default() }
}

/// Tells the providers of offers, and not their consumers.
fn to_makers(kind: NotificationKind, sides: &[(OfferId, Sides)]) -> Vec<Notice> {
    let told =
        |(id, sides): &(OfferId, Sides)| Notice::new(sides.provider, kind, about(sides.request_id, *id));
    sides.iter().map(told).collect()
}

/// A request that has no live offer left, locked as it is, is matched again.
async fn settle(conn: &mut Conn, request: &Request, actor: Option<UserId>) -> Result<()> {
    let now = Utc::now();
    if request.stands_at(now) != RequestStatus::OffersReceived
        || db::offers::has_live(conn, request.id, now).await?
    {
        return Ok(());
    }
    super::requests::move_to(conn, request, RequestStatus::Matched, actor, None).await
}

/// A locked offer that somebody may still accept: neither its own time is over nor its request's.
fn require_live(offer: &Offer, request: &Request) -> Result<()> {
    let now = Utc::now();
    match offer.stands_at(now) {
        OfferStatus::Pending if request.stands_at(now) == RequestStatus::Expired => {
            Err(not_pending(OfferStatus::Expired))
        }
        OfferStatus::Pending => Ok(()),
        stands => Err(not_pending(stands)),
    }
}
