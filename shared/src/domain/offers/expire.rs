//! Offers whose time is over, or of whose slots none is left.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel_async::AsyncConnection;
use uuid::Uuid;

use super::{SLOTS_GONE, TIME_OVER, about, lock_request, settle};
use crate::db::notifications::{Notice, tell};
use crate::db::offers::{Place, Sides};
use crate::db::{self, Conn, Db};
use crate::domain::calendars::Calendar;
use crate::domain::requests;
use crate::error::Result;
use crate::model::notifications::NotificationKind;
use crate::model::offers::{Offer, OfferSlot, OfferStatus};
use crate::model::requests::{Request, RequestStatus};
use crate::model::{OfferId, ProviderId};

/// Expires offers whose time is over, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn expire_offers(db: &Db, most: i64) -> Result<usize> {
    let mut conn = db.conn().await?;
    let overdue = db::offers::overdue(&mut conn, most).await?;
    expire_each(&mut conn, &overdue).await
}

/// Goes through all live offers, `most` at a time, and expires those of whose slots none can be booked any more; answers
/// how many.
///
/// # Errors
/// When the database is away.
pub async fn expire_without_slots(db: &Db, most: i64) -> Result<usize> {
    let mut expired = 0;
    let mut place: Place = (Utc::now(), OfferId(Uuid::nil()));
    loop {
        // Others may have the connection in between.
        let mut conn = db.conn().await?;
        let live = db::offers::live_after(&mut conn, place, most).await?;
        let Some((id, _, expires_at)) = live.last() else { return Ok(expired) };
        place = (*expires_at, *id);
        let gone = without_slots(&mut conn, &live).await?;
        expired += expire_each(&mut conn, &gone).await?;
    }
}

/// Those of whose slots none is free now, in a fixed number of queries.
async fn without_slots(
    conn: &mut Conn,
    live: &[(OfferId, ProviderId, DateTime<Utc>)],
) -> Result<Vec<OfferId>> {
    let now = Utc::now();
    let ids: Vec<OfferId> = live.iter().map(|(id, ..)| *id).collect();
    let makers: HashMap<OfferId, ProviderId> = live.iter().map(|(id, maker, _)| (*id, *maker)).collect();
    let good: Vec<_> =
        db::offers::slots_of(conn, &ids).await?.into_iter().filter(|slot| slot.is_good_at(now)).collect();
    let mut providers: Vec<ProviderId> = makers.values().copied().collect();
    providers.sort_unstable();
    providers.dedup();
    let stretches: Vec<_> = good.iter().map(stretch).collect();
    let calendars = Calendar::all_near(conn, &providers, &stretches, None).await?;
    let is_free = |slot: &&OfferSlot| {
        let calendar = makers.get(&slot.offer_id).and_then(|maker| calendars.get(maker));
        calendar.is_some_and(|calendar| calendar.check(stretch(slot), now).is_ok())
    };
    let with_slots: HashSet<OfferId> = good.iter().filter(is_free).map(|slot| slot.offer_id).collect();
    Ok(ids.into_iter().filter(|id| !with_slots.contains(id)).collect())
}

/// Each in a transaction of its own, so that nobody waits long.
async fn expire_each(conn: &mut Conn, candidates: &[OfferId]) -> Result<usize> {
    let mut expired = 0;
    for (id, sides) in db::offers::sides_of(conn, candidates).await? {
        let done = conn.transaction(async |conn| expire_one(conn, id, sides).await).await;
        match done {
            Ok(done) => expired += usize::from(done),
            // The others are not to wait for this one; it comes again.
            Err(error) => {
                tracing::warn!(offer_id = %id, causes = error.causes(), "an offer was not expired: {error}");
            }
        }
    }
    Ok(expired)
}

/// Looks again, with the offer locked.
async fn expire_one(conn: &mut Conn, id: OfferId, sides: Sides) -> Result<bool> {
    let request = lock_request(conn, sides.request_id).await?;
    let offer = db::offers::lock(conn, id).await?;
    let now = Utc::now();
    let reason = match (offer.status, offer.stands_at(now)) {
        (OfferStatus::Pending, OfferStatus::Expired) => TIME_OVER,
        (OfferStatus::Pending, _) if free_slots(conn, &offer, now).await?.is_empty() => SLOTS_GONE,
        _ => return Ok(false),
    };
    expire(conn, &request, id, sides, reason).await?;
    Ok(true)
}

/// The slots that the offer names and that could be booked.
pub(super) async fn free_slots(
    conn: &mut Conn,
    offer: &Offer,
    now: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>> {
    let slots = db::offers::slots_of(conn, &[offer.id]).await?;
    let good: Vec<_> = slots.iter().filter(|slot| slot.is_good_at(now)).map(stretch).collect();
    let calendar = Calendar::near(conn, offer.provider_id, &good, None).await?;
    Ok(good.into_iter().filter(|slot| calendar.check(*slot, now).is_ok()).collect())
}

/// Begin and end of a slot.
pub(super) fn stretch(slot: &OfferSlot) -> (DateTime<Utc>, DateTime<Utc>) {
    (slot.start_at, slot.end_at)
}

/// Expires a live offer, locked with its request, and tells both sides.
pub(super) async fn expire(
    conn: &mut Conn,
    request: &Request,
    id: OfferId,
    sides: Sides,
    reason: &str,
) -> Result<()> {
    let (from, to) = (OfferStatus::Pending, OfferStatus::Expired);
    db::offers::move_all(conn, &[id], from, to, None, Some(reason)).await?;
    let told = [sides.consumer, sides.provider]
        .map(|user| Notice::new(user, NotificationKind::OfferExpired, about(request.id, id)));
    tell(conn, &told).await?;
    settle(conn, request, None).await
}

/// Writes down which offers for a locked request are over by time, before somebody moves it or one of them: the sweep may
/// not have come by yet. Answers the request as it then stands, and the offers that are left, locked. A request that is over
/// itself is the sweep's, with all its offers.
pub(in crate::domain) async fn lapse(conn: &mut Conn, mut request: Request) -> Result<(Request, Vec<Offer>)> {
    let now = Utc::now();
    let pending = db::offers::lock_pending_of(conn, request.id).await?;
    let is_live = |offer: &Offer| offer.stands_at(now) == OfferStatus::Pending;
    let (live, over): (Vec<_>, Vec<_>) = pending.into_iter().partition(is_live);
    if over.is_empty() || request.stands_at(now) == RequestStatus::Expired {
        return Ok((request, live));
    }
    let ids: Vec<OfferId> = over.iter().map(|offer| offer.id).collect();
    let (from, to) = (OfferStatus::Pending, OfferStatus::Expired);
    let expired = db::offers::move_all(conn, &ids, from, to, None, Some(TIME_OVER)).await?;
    let mut told = Vec::new();
    for (id, sides) in db::offers::sides_of(conn, &expired).await? {
        let notice = |user| Notice::new(user, NotificationKind::OfferExpired, about(request.id, id));
        told.extend([sides.consumer, sides.provider].map(notice));
    }
    tell(conn, &told).await?;
    if live.is_empty() && request.status == RequestStatus::OffersReceived {
        requests::move_to(conn, &request, RequestStatus::Matched, None, None).await?;
        request.status = RequestStatus::Matched;
    }
    Ok((request, live))
}
