//! Accepting an offer: one transaction, in which one of any number of rivals wins.

use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;

use super::expire::{expire, free_slots, stretch};
use super::{ANOTHER_ACCEPTED, NamedSlot, SLOTS_GONE, lapse, lock_request, not_pending, to_makers};
use crate::auth::Actor;
use crate::db::bookings::NewBooking;
use crate::db::notifications::{Notice, tell};
use crate::db::offers::Sides;
use crate::db::{self, Conn};
use crate::domain::bookings::{self, BookingDetails};
use crate::domain::calendars::{Calendar, Stretch};
use crate::domain::persistence::persistently;
use crate::domain::{Domain, audit, memory, requests, users};
use crate::error::{Code, Error, Problem, Result};
use crate::matching;
use crate::model::bookings::Booking;
use crate::model::catalog::ServicePlace;
use crate::model::notifications::{About, NotificationKind};
use crate::model::offers::{ALTERNATIVES, ALTERNATIVES_MINUTES, Offer, OfferSlot, OfferStatus};
use crate::model::providers::{Provider, ProviderService, ProviderStatus};
use crate::model::requests::{Request, RequestStatus};
use crate::model::slots::Slot;
use crate::model::users::UserStatus;
use crate::model::{BookingId, OfferId, ProviderId, UserId};

/// How an offer is accepted.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// For which of its slots.
    pub slot: NamedSlot,
    /// The consumer's, for work there.
    pub address: Option<String>,
    /// How to get in, what to know.
    pub instructions: Option<String>,
}

/// What came of it.
enum Outcome {
    /// A booking, now or before.
    Booked(Box<Booking>),
    /// Somebody else has the slot; the offer takes these instead.
    Taken(Vec<Slot>),
}

impl Domain {
    /// Accepts an offer for a request of the caller: it becomes a booking, the request's other offers are declined. The same
    /// again, by the same person, answers the same booking.
    ///
    /// # Errors
    /// `not_yours`; `offer_not_pending`; `request_closed`; `slot_not_offered`; `address_needed`; `slot_taken` with free
    /// slots that the offer takes for a quarter of an hour.
    pub async fn accept_offer(
        &self,
        actor: &Actor,
        id: OfferId,
        acceptance: &Acceptance,
    ) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        // What is named instead is kept although the call is refused: so the transaction ends well.
        let outcome = persistently!(conn, async |conn| accept(conn, actor, id, acceptance).await)?;
        match outcome {
            Outcome::Booked(booking) => bookings::shown_one(&mut conn, actor, *booking).await,
            Outcome::Taken(slots) => Err(Error::slot_taken(slots)),
        }
    }
}

impl Domain {
    /// Whether an offer for a request of the caller cannot be accepted without an address: the work is done at theirs.
    ///
    /// # Errors
    /// `not_yours`.
    pub async fn needs_address(&self, actor: &Actor, id: OfferId) -> Result<bool> {
        let mut conn = self.queue.db.conn().await?;
        let sides = db::offers::received_by(&mut conn, actor.scope(), id).await?;
        let request = db::requests::find_for(&mut conn, actor.scope(), sides.request_id).await?;
        if let Some(place) = request.place {
            return Ok(place == ServicePlace::Consumer);
        }
        let offer = db::offers::find_for(&mut conn, actor.scope(), id).await?;
        let services = db::providers::services_of(&mut conn, sides.provider_id).await?;
        let service = services.iter().find(|service| service.service_id == offer.service_id);
        let places = service.map(|service| service.places.as_slice()).unwrap_or_default();
        Ok(!places.contains(&ServicePlace::Provider) && !places.contains(&ServicePlace::Remote))
    }
}

async fn accept(conn: &mut Conn, actor: &Actor, id: OfferId, acceptance: &Acceptance) -> Result<Outcome> {
    let sides = db::offers::received_by(conn, actor.scope(), id).await?;
    // The booking is the consumer's: none begins for an account that is closing.
    users::require_open(conn, actor, sides.consumer).await?;
    let request = lock_request(conn, sides.request_id).await?;
    // All that are live: one is accepted, the others are declined, and none moves meanwhile.
    let (request, pending) = lapse(conn, request).await?;
    let Some(offer) = pending.iter().find(|offer| offer.id == id) else {
        return accepted_before(conn, actor, id, acceptance).await;
    };
    require_open(&request)?;
    let provider = db::providers::lock(conn, sides.provider_id).await?;
    let account = db::users::get(conn, provider.user_id).await?;
    if provider.status == ProviderStatus::Suspended || account.status != UserStatus::Active {
        let detail = "This provider takes no work at the moment. Look at the request's other offers.";
        return Err(not_pending(OfferStatus::Pending).detail(detail));
    }
    let slot = named(conn, offer, acceptance.slot).await?;
    let service = db::providers::services_of(conn, provider.id).await?;
    let service = service.iter().find(|service| service.service_id == offer.service_id);
    if !service.is_some_and(|service| service.is_bookable(acceptance.slot.date)) {
        let detail = "This provider does not offer the service any more. Look at the request's other offers.";
        return Err(not_pending(OfferStatus::Pending).detail(detail));
    }
    let place = place(&request, &provider, service, acceptance);
    if place == ServicePlace::Consumer && acceptance.address.is_none() {
        let problem = Problem::new("/body/address", "The work is done at your place: say where that is.");
        return Err(Error { problems: vec![problem], ..Error::new(Code::AddressNeeded) });
    }
    let calendar = Calendar::near(conn, provider.id, &[slot], None).await?;
    if calendar.check(slot, Utc::now()).is_err() {
        return name_others(conn, &request, offer, sides, &calendar, slot).await.map(Outcome::Taken);
    }
    let new = NewBooking {
        id: BookingId::new(),
        request_id: request.id,
        offer_id: offer.id,
        provider_id: provider.id,
        user_id: request.user_id,
        service_id: &offer.service_id,
        price_cents: offer.price_cents,
        currency: &offer.currency,
        start_at: slot.0,
        end_at: slot.1,
        zone: calendar.availability.zone.name(),
        place,
        // Nobody needs to know where somebody lives who comes.
        address: acceptance.address.as_deref().filter(|_| place == ServicePlace::Consumer),
        instructions: acceptance.instructions.as_deref(),
    };
    let others: Vec<OfferId> = pending.iter().map(|offer| offer.id).filter(|other| *other != id).collect();
    let booking = book(conn, actor.user_id(), &request, sides, &new, &others).await?;
    audit::record_unless_own(conn, actor, "offer.accept", id.0, sides.consumer).await?;
    Ok(Outcome::Booked(Box::new(booking)))
}

/// An offer that has ended: accepted by the same person for the same slot, it is answered with what it made.
async fn accepted_before(
    conn: &mut Conn,
    actor: &Actor,
    id: OfferId,
    acceptance: &Acceptance,
) -> Result<Outcome> {
    let offer = db::offers::lock(conn, id).await?;
    if offer.status != OfferStatus::Accepted
        || db::offers::moved_by(conn, id, offer.status).await? != Some(actor.user_id())
    {
        return Err(not_pending(offer.stands_at(Utc::now())));
    }
    let booking = db::bookings::of_offer(conn, id).await?;
    let slot = start_of(conn, offer.provider_id, acceptance.slot, offer.duration_minutes).await?;
    if slot.is_some() && slot == offer.accepted_start_at {
        return Ok(Outcome::Booked(Box::new(booking)));
    }
    Err(not_pending(offer.status))
}

/// Whether the request of a live offer takes one.
fn require_open(request: &Request) -> Result<()> {
    match request.stands_at(Utc::now()) {
        RequestStatus::OffersReceived => Ok(()),
        stands => Err(Error::illegal_move(Code::RequestClosed, stands)),
    }
}

/// When a named slot begins, by the provider's clocks.
async fn start_of(
    conn: &mut Conn,
    provider: ProviderId,
    slot: NamedSlot,
    duration_minutes: i32,
) -> Result<Option<DateTime<Utc>>> {
    let calendar = Calendar::near(conn, provider, &[], None).await?;
    Ok(calendar.availability.slot_at(slot.date, slot.start_time, duration_minutes).map(|slot| slot.start_at))
}

/// Begin and end of a slot that the offer names.
async fn named(conn: &mut Conn, offer: &Offer, slot: NamedSlot) -> Result<Stretch> {
    let start_at = start_of(conn, offer.provider_id, slot, offer.duration_minutes).await?;
    let slots = db::offers::slots_of(conn, &[offer.id]).await?;
    let now = Utc::now();
    let is_named = |slot: &&OfferSlot| Some(slot.start_at) == start_at && slot.is_good_at(now);
    slots.iter().find(is_named).map(stretch).ok_or_else(|| {
        let problem = Problem::new("/body/slot", "This offer does not name that slot.");
        Error { problems: vec![problem], ..Error::new(Code::SlotNotOffered) }
    })
}

/// Where the work is done: where the request wants it, else where the provider does it. Where there is a choice, who says
/// where they live has it done there, if the provider comes as far.
fn place(
    request: &Request,
    provider: &Provider,
    service: Option<&ProviderService>,
    acceptance: &Acceptance,
) -> ServicePlace {
    let places = service.map(|service| service.places.as_slice()).unwrap_or_default();
    let does = |place: ServicePlace| places.contains(&place);
    match request.place {
        Some(place) => place,
        None if does(ServicePlace::Consumer)
            && acceptance.address.is_some()
            && matching::comes_to(provider, request) =>
        {
            ServicePlace::Consumer
        }
        None if does(ServicePlace::Provider) => ServicePlace::Provider,
        None if does(ServicePlace::Remote) => ServicePlace::Remote,
        None => ServicePlace::Consumer,
    }
}

/// Names free slots in place of one that is taken. An offer that has neither those nor one of its own left is over.
async fn name_others(
    conn: &mut Conn,
    request: &Request,
    offer: &Offer,
    sides: Sides,
    calendar: &Calendar,
    taken: Stretch,
) -> Result<Vec<Slot>> {
    let now = Utc::now();
    let free = calendar.instead_of(conn, offer.provider_id, taken, None, now).await?;
    if free.is_empty() {
        // The offer's own may begin at any minute.
        let mut own = free_slots(conn, offer, now).await?;
        if own.is_empty() {
            expire(conn, request, offer.id, sides, SLOTS_GONE).await?;
        }
        own.truncate(ALTERNATIVES);
        let zone = calendar.availability.zone;
        return Ok(own.into_iter().map(|(start_at, end_at)| Slot::new(start_at, end_at, zone)).collect());
    }
    let good_until = offer.expires_at.min(now + Duration::minutes(ALTERNATIVES_MINUTES));
    let stretches: Vec<_> = free.iter().map(|slot| (slot.start_at, slot.end_at)).collect();
    db::offers::name_instead(conn, offer.id, &stretches, good_until).await?;
    Ok(free)
}

/// Makes the booking, and moves all that hangs together.
async fn book(
    conn: &mut Conn,
    actor: UserId,
    request: &Request,
    sides: Sides,
    new: &NewBooking<'_>,
    others: &[OfferId],
) -> Result<Booking> {
    db::offers::accept(conn, new.offer_id, new.start_at, actor).await?;
    let (from, to) = (OfferStatus::Pending, OfferStatus::Declined);
    let declined = db::offers::move_all(conn, others, from, to, Some(actor), Some(ANOTHER_ACCEPTED)).await?;
    requests::move_to(conn, request, RequestStatus::Booked, Some(actor), None).await?;
    let booking = db::bookings::insert(conn, new).await?;
    let about = About {
        request_id: Some(request.id),
        offer_id: Some(new.offer_id),
        booking_id: Some(booking.id),
        ..About::default()
    };
    let mut told = vec![
        Notice::new(sides.consumer, NotificationKind::Booked, about),
        Notice::new(sides.provider, NotificationKind::Booked, about),
    ];
    let losers = db::offers::sides_of(conn, &declined).await?;
    told.extend(to_makers(NotificationKind::OfferDeclined, &losers));
    tell(conn, &told).await?;
    memory::learn_booked(conn, &booking).await?;
    Ok(booking)
}
