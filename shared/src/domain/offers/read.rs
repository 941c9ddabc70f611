//! Offers as their sides see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::TIME_OVER;
use crate::auth::{Actor, SignedIn};
use crate::db::offers::Wanted;
use crate::db::{self, Conn};
use crate::domain::Domain;
use crate::domain::calendars::Calendar;
use crate::error::{Error, Result};
use crate::model::offers::{Offer, OfferSlot, OfferStatus};
use crate::model::slots::Slot;
use crate::model::{BookingId, OfferId, ProviderId, RequestId};

/// An offer with what is shown of it.
#[derive(Clone, Debug)]
pub struct OfferDetails {
    /// The offer.
    pub offer: Offer,
    /// Where it stands: one whose time is over has expired.
    pub status: OfferStatus,
    /// Its slots, in order.
    pub slots: Vec<ShownSlot>,
    /// Why it ended, where that was said.
    pub reason: Option<String>,
    /// What it became.
    pub booking_id: Option<BookingId>,
}

/// A slot of an offer.
#[derive(Clone, Debug)]
pub struct ShownSlot {
    /// When.
    pub slot: Slot,
    /// Whether it could be booked now.
    pub free: bool,
    /// Until when it is good, if it is named in place of one that was taken.
    pub good_until: Option<DateTime<Utc>>,
}

impl Domain {
    /// An offer of either side.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn offer(&self, actor: &Actor, id: OfferId) -> Result<OfferDetails> {
        let mut conn = self.queue.db.conn().await?;
        let offer = db::offers::find_for(&mut conn, actor.scope(), id).await?;
        shown_one(&mut conn, offer).await
    }

    /// The offers that the caller made or received, the newest first; those for one request if it is given. One more
    /// than asked for tells that there are more.
    ///
    /// # Errors
    /// `not_yours` for a request that is neither the caller's nor was routed to them.
    pub async fn offers(&self, caller: &SignedIn, wanted: &Wanted) -> Result<Vec<OfferDetails>> {
        let mut conn = self.queue.db.conn().await?;
        let user = caller.user_id();
        if let Some(request) = wanted.request {
            if !db::offers::may_ask_about(&mut conn, caller.scope(), request).await? {
                return Err(Error::not_yours());
            }
            if caller.scope().all {
                let all = db::offers::list_of(&mut conn, request, wanted).await?;
                return shown(&mut conn, all).await;
            }
        }
        let mut offers = db::offers::list_made(&mut conn, user, wanted).await?;
        offers.extend(db::offers::list_received(&mut conn, user, wanted).await?);
        offers.sort_unstable_by_key(|offer| std::cmp::Reverse(offer.id));
        offers.truncate(wanted.limit as usize);
        shown(&mut conn, offers).await
    }

    /// The offers for a request of the caller, as [`Self::offers`].
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn offers_for(
        &self,
        actor: &Actor,
        request: RequestId,
        wanted: &Wanted,
    ) -> Result<Vec<OfferDetails>> {
        let mut conn = self.queue.db.conn().await?;
        db::requests::find_for(&mut conn, actor.scope(), request).await?;
        let offers = db::offers::list_of(&mut conn, request, wanted).await?;
        shown(&mut conn, offers).await
    }
}

/// One offer with what is shown of it.
pub(super) async fn shown_one(conn: &mut Conn, offer: Offer) -> Result<OfferDetails> {
    shown(conn, vec![offer]).await?.pop().ok_or_else(Error::not_yours)
}

/// Offers with what is shown of them, in a fixed number of queries.
pub(in crate::domain) async fn shown(conn: &mut Conn, offers: Vec<Offer>) -> Result<Vec<OfferDetails>> {
    let now = Utc::now();
    let ids: Vec<OfferId> = offers.iter().map(|offer| offer.id).collect();
    let mut slots: HashMap<OfferId, Vec<OfferSlot>> = HashMap::new();
    for slot in db::offers::slots_of(conn, &ids).await? {
        slots.entry(slot.offer_id).or_default().push(slot);
    }
    let stretches: Vec<_> = slots.values().flatten().map(|slot| (slot.start_at, slot.end_at)).collect();
    let mut makers: Vec<ProviderId> = offers.iter().map(|offer| offer.provider_id).collect();
    makers.sort_unstable();
    makers.dedup();
    let calendars = Calendar::all_near(conn, &makers, &stretches, None).await?;
    let mut notes: HashMap<OfferId, String> = db::offers::last_notes(conn, &ids).await?.into_iter().collect();
    let booked: HashMap<_, _> = db::bookings::ids_of_offers(conn, &ids).await?.into_iter().collect();
    let show = |offer: Offer| {
        let status = offer.stands_at(now);
        let calendar = calendars.get(&offer.provider_id);
        let zone = calendar.map_or(Tz::UTC, |calendar| calendar.availability.zone);
        let is_live = status == OfferStatus::Pending;
        let named = slots.remove(&offer.id).unwrap_or_default();
        let named = named.into_iter().filter(|slot| slot.is_good_at(now));
        let slots = named.map(|slot| {
            let is_free = |c: &Calendar| c.check((slot.start_at, slot.end_at), now).is_ok();
            ShownSlot {
                free: is_live && calendar.is_some_and(is_free),
                good_until: slot.good_until,
                slot: Slot::new(slot.start_at, slot.end_at, zone),
            }
        });
        let unwritten = (status != offer.status).then(|| TIME_OVER.to_owned());
        OfferDetails {
            slots: slots.collect(),
            status,
            reason: notes.remove(&offer.id).or(unwritten),
            booking_id: booked.get(&offer.id).copied(),
            offer,
        }
    };
    Ok(offers.into_iter().map(show).collect())
}
