//! Moving a booking to another slot: one side proposes, the other agrees. Until then the present slot holds.

use chrono::{DateTime, Duration, Utc};
use diesel_async::AsyncConnection;

use super::{BookingDetails, Held, hold, notices, refused, shown_one, was_done_by};
use crate::auth::Actor;
use crate::db::notifications::tell;
use crate::db::{self, Conn, Db};
use crate::domain::calendars::{Calendar, Stretch};
use crate::domain::offers::NamedSlot;
use crate::domain::persistence::persistently;
use crate::domain::{Domain, audit};
use crate::error::{Error, Problem, Result};
use crate::model::BookingId;
use crate::model::bookings::{Booking, BookingSide, PROPOSAL_HOURS, Proposal, REMINDED_HOURS};
use crate::model::notifications::NotificationKind;
use crate::model::slots::Slot;
use crate::model::states::State;

/// Another slot for a booking.
#[derive(Clone, Debug)]
pub struct Reschedule {
    /// Which; as long as the present one.
    pub slot: NamedSlot,
    /// What is said with it.
    pub note: Option<String>,
}

/// What is written down of a proposal, and of what became of it.
const PROPOSED: &str = "reschedule_proposed";
const ACCEPTED: &str = "reschedule_accepted";
const DECLINED: &str = "reschedule_declined";
const LAPSED: &str = "reschedule_lapsed";

/// What came of a move.
enum Outcome {
    Moved(Box<Booking>),
    /// The slot is not free; these are.
    Taken(Vec<Slot>),
}

impl Domain {
    /// Proposes another slot for a booking of either side. A proposal of one's own is replaced; one of the other side's is
    /// answered first.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`; `invalid` for a slot that does not exist or is the present one; `slot_taken` with free
    /// ones.
    pub async fn reschedule_booking(
        &self,
        actor: &Actor,
        id: BookingId,
        reschedule: &Reschedule,
    ) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let outcome = persistently!(conn, async |conn| { propose(conn, actor, id, reschedule).await })?;
        answer(&mut conn, actor, outcome).await
    }

    /// Agrees to the slot that the other side proposes; only to this one, if it is named.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move` without such a proposal; `slot_taken` with free ones when it is not free any more.
    pub async fn accept_reschedule(
        &self,
        actor: &Actor,
        id: BookingId,
        only: Option<NamedSlot>,
    ) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let outcome = persistently!(conn, async |conn| accept(conn, actor, id, only).await)?;
        answer(&mut conn, actor, outcome).await
    }

    /// Does not agree to the slot that the other side proposes: the present one holds.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move` without such a proposal.
    pub async fn decline_reschedule(&self, actor: &Actor, id: BookingId) -> Result<BookingDetails> {
        let mut conn = self.queue.db.conn().await?;
        let booking = persistently!(conn, async |conn| decline(conn, actor, id).await)?;
        shown_one(&mut conn, actor, booking).await
    }
}

impl Domain {
    /// Free slots in place of one that a booking of either side cannot be moved to; none if it can.
    ///
    /// # Errors
    /// `not_yours`; `illegal_move`; `invalid` for a slot that does not exist or is the present one.
    pub async fn free_instead(&self, actor: &Actor, id: BookingId, wanted: NamedSlot) -> Result<Vec<Slot>> {
        let mut conn = self.queue.db.conn().await?;
        let sides = db::bookings::sides_for(&mut conn, actor.scope(), id, false).await?;
        let held = hold(&mut conn, id, sides).await?;
        let now = Utc::now();
        require_ahead(&held.booking, now)?;
        let slot = named(&mut conn, &held, wanted).await?;
        Ok(match taken(&mut conn, &held, slot, now).await? {
            Some(Outcome::Taken(free)) => free,
            _ => Vec::new(),
        })
    }
}

/// Begin and end of a slot for a booking, which it does not have already.
async fn named(conn: &mut Conn, held: &Held, wanted: NamedSlot) -> Result<Stretch> {
    let here = (held.booking.start_at, held.booking.end_at);
    let calendar = Calendar::near(conn, held.provider.id, &[], None).await?;
    let minutes = (here.1 - here.0).num_minutes() as i32;
    let named = calendar.availability.slot_at(wanted.date, wanted.start_time, minutes);
    let slot = named
        .map(|slot| (slot.start_at, slot.end_at))
        .ok_or_else(|| wrong_slot("Local clocks never show that time."))?;
    if slot == here { Err(wrong_slot("The booking has that slot already.")) } else { Ok(slot) }
}

async fn answer(conn: &mut Conn, actor: &Actor, outcome: Outcome) -> Result<BookingDetails> {
    match outcome {
        Outcome::Moved(booking) => shown_one(conn, actor, *booking).await,
        Outcome::Taken(slots) => Err(Error::slot_taken(slots)),
    }
}

/// A confirmed booking whose start is still to come.
fn require_ahead(booking: &Booking, now: DateTime<Utc>) -> Result<()> {
    // To stay as it is, it must be able to end in every way.
    let stands = booking.stands_at(now);
    if stands.is_final() {
        return Err(refused(stands));
    }
    if booking.has_begun(now) {
        let detail = "This booking has begun: it cannot be moved any more.";
        return Err(refused(booking.status).detail(detail));
    }
    Ok(())
}

async fn propose(conn: &mut Conn, actor: &Actor, id: BookingId, wanted: &Reschedule) -> Result<Outcome> {
    let sides = db::bookings::sides_for(conn, actor.scope(), id, false).await?;
    let held = hold(conn, id, sides).await?;
    let booking = &held.booking;
    let now = Utc::now();
    // An admin who is on neither side proposes for the consumer.
    let by = sides.side_of(actor.user_id()).unwrap_or(BookingSide::Consumer);
    require_ahead(booking, now)?;
    let open = booking.proposal(now);
    if open.is_some_and(|open| open.by != by) {
        let detail = "The other side proposes a slot already: agree to it or decline it first.";
        return Err(refused(booking.status).detail(detail));
    }
    let slot = named(conn, &held, wanted.slot).await?;
    let is_same = open.is_some_and(|open| (open.start_at, open.end_at) == slot);
    if is_same
        && booking.proposed_note == wanted.note
        && was_done_by(conn, actor, id, booking.status, Some(PROPOSED)).await?
    {
        return Ok(Outcome::Moved(Box::new(held.booking)));
    }
    if let Some(taken) = taken(conn, &held, slot, now).await? {
        return Ok(taken);
    }
    let until = (now + Duration::hours(PROPOSAL_HOURS)).min(booking.start_at).min(slot.0);
    let proposal = Proposal { start_at: slot.0, end_at: slot.1, by, until };
    db::bookings::propose(conn, id, &proposal, wanted.note.as_deref()).await?;
    settle(conn, actor, &held, by, PROPOSED).await?;
    Ok(Outcome::Moved(Box::new(db::bookings::lock(conn, id).await?)))
}

fn wrong_slot(message: &str) -> Error {
    Error::invalid(vec![Problem::new("/body/slot", message)])
}

/// Free slots in place of one that is not, the booking itself aside.
async fn taken(conn: &mut Conn, held: &Held, slot: Stretch, now: DateTime<Utc>) -> Result<Option<Outcome>> {
    let (provider, but) = (held.provider.id, Some(held.booking.id));
    let calendar = Calendar::near(conn, provider, &[slot], but).await?;
    if calendar.check(slot, now).is_ok() {
        return Ok(None);
    }
    let mut free = calendar.instead_of(conn, provider, slot, but, now).await?;
    free.retain(|slot| slot.start_at != held.booking.start_at);
    Ok(Some(Outcome::Taken(free)))
}

/// Writes a move down and tells the other side.
async fn settle(conn: &mut Conn, actor: &Actor, held: &Held, by: BookingSide, note: &str) -> Result<()> {
    let id = held.booking.id;
    db::bookings::note(conn, id, Some(actor.user_id()), note).await?;
    let others = held.sides.all_but(Some(actor.user_id()));
    tell(conn, &notices(&held.booking, NotificationKind::Rescheduled, &others)).await?;
    audit::record_unless_own(conn, actor, "booking.reschedule", id.0, held.sides.user(by)).await
}

/// The proposal that the actor may answer, and for which side they answer: an admin who is on neither, for the other one.
fn to_answer(actor: &Actor, held: &Held, now: DateTime<Utc>) -> Result<(Proposal, BookingSide)> {
    let status = held.booking.stands_at(now);
    let Some(open) = held.booking.proposal(now) else {
        return Err(refused(status).detail("Nobody proposes another slot for this booking."));
    };
    let answers = held.sides.side_of(actor.user_id()).unwrap_or(open.by.other());
    if answers == open.by {
        return Err(refused(status).detail("Your own proposal is the other side's to answer."));
    }
    Ok((open, answers))
}

async fn accept(conn: &mut Conn, actor: &Actor, id: BookingId, only: Option<NamedSlot>) -> Result<Outcome> {
    let sides = db::bookings::sides_for(conn, actor.scope(), id, false).await?;
    let held = hold(conn, id, sides).await?;
    let booking = &held.booking;
    let now = Utc::now();
    let only = match only {
        None => None,
        Some(only) => {
            let calendar = Calendar::near(conn, held.provider.id, &[], None).await?;
            let minutes = (booking.end_at - booking.start_at).num_minutes() as i32;
            let named = calendar.availability.slot_at(only.date, only.start_time, minutes);
            Some(
                named
                    .map(|slot| slot.start_at)
                    .ok_or_else(|| wrong_slot("Local clocks never show that time."))?,
            )
        }
    };
    let is_meant = |start_at: DateTime<Utc>| only.is_none_or(|only| only == start_at);
    let stands = booking.stands_at(now);
    if is_meant(booking.start_at) && was_done_by(conn, actor, id, stands, Some(ACCEPTED)).await? {
        return Ok(Outcome::Moved(Box::new(held.booking)));
    }
    require_ahead(booking, now)?;
    let (open, answers) = to_answer(actor, &held, now)?;
    if !is_meant(open.start_at) {
        return Err(refused(booking.status).detail("Another slot is proposed by now. Look at it first."));
    }
    if let Some(taken) = taken(conn, &held, (open.start_at, open.end_at), now).await? {
        return Ok(taken);
    }
    db::bookings::move_slot(conn, id, &open).await?;
    if open.start_at - now > Duration::hours(REMINDED_HOURS) {
        // Both are reminded of the new slot in its time.
        db::notifications::forget_reminder(conn, id).await?;
    }
    settle(conn, actor, &held, answers, ACCEPTED).await?;
    Ok(Outcome::Moved(Box::new(db::bookings::lock(conn, id).await?)))
}

async fn decline(conn: &mut Conn, actor: &Actor, id: BookingId) -> Result<Booking> {
    let sides = db::bookings::sides_for(conn, actor.scope(), id, false).await?;
    let held = hold(conn, id, sides).await?;
    let now = Utc::now();
    if was_done_by(conn, actor, id, held.booking.stands_at(now), Some(DECLINED)).await? {
        return Ok(held.booking);
    }
    let (_, answers) = to_answer(actor, &held, now)?;
    db::bookings::lapse(conn, id).await?;
    settle(conn, actor, &held, answers, DECLINED).await?;
    db::bookings::lock(conn, id).await
}

/// Ends proposals that nobody answered in time, up to `most`; answers how many.
///
/// # Errors
/// When the database is away.
pub async fn lapse_proposals(db: &Db, most: i64) -> Result<usize> {
    let mut conn = db.conn().await?;
    let mut lapsed = 0;
    for id in db::bookings::with_lapsed_proposal(&mut conn, most).await? {
        let done = conn.transaction(async |conn| lapse_one(conn, id).await).await;
        match done {
            Ok(done) => lapsed += usize::from(done),
            // The others are not to wait for this one; it comes again.
            Err(error) => {
                tracing::warn!(booking_id = %id, causes = error.causes(), "a proposal did not lapse: {error}");
            }
        }
    }
    Ok(lapsed)
}

/// Looks again, with all that hangs together locked.
async fn lapse_one(conn: &mut Conn, id: BookingId) -> Result<bool> {
    let sides = db::bookings::sides_of(conn, id).await?;
    let held = hold(conn, id, sides).await?;
    if held.booking.proposed_until.is_none_or(|until| Utc::now() < until) {
        return Ok(false);
    }
    db::bookings::lapse(conn, id).await?;
    db::bookings::note(conn, id, None, LAPSED).await?;
    let both = held.sides.all_but(None);
    tell(conn, &notices(&held.booking, NotificationKind::Rescheduled, &both)).await?;
    Ok(true)
}
