//! Tools for bookings, of both sides, and for reviews.

use chrono::{Duration, Utc};
use serde_json::{Value, json};

use super::text::{NOTE, REASON, REVIEW, Text};
use super::{Work, told};
use crate::agent::tools::{AnswerReschedule, CancelBooking, RescheduleBooking, SubmitReview};
use crate::agent::{Acted, Refusal, Shows, Ui};
use crate::auth::{Caller, SignedIn};
use crate::db;
use crate::db::bookings::Wanted;
use crate::domain::bookings::BookingDetails;
use crate::domain::{drafts, slots};
use crate::error::Result;
use crate::model::BookingId;
use crate::model::bookings::BookingStatus;
use crate::model::chat::Context;
use crate::model::drafts::{
    BookingCancellation, Fields, LocalSlot, OfBooking, Reschedule, RescheduleAnswer, ReviewFields,
};
use crate::model::reviews::REVIEW_DAYS;

/// How many bookings are looked at.
const MOST: i64 = 20;
/// How many days of free slots are shown, and how many slots.
const FREE_DAYS: i64 = 14;
const FREE_SHOWN: usize = 8;

/// The latest bookings first.
pub(super) fn all() -> Wanted {
    Wanted { status: None, upcoming: None, after: None, limit: MOST }
}

/// The person, as whoever has an account.
pub(super) fn caller(work: Work<'_>) -> Result<SignedIn> {
    SignedIn::admitted(Some(work.chat.actor))
}

pub(super) async fn list(work: Work<'_>) -> Result<Acted> {
    let bookings = work.domain.bookings(&caller(work)?, &all()).await?;
    let told = told_all(work, &bookings).await?;
    let shows = Shows { bookings: bookings.iter().map(|one| one.booking.id).collect(), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(json!({ "bookings": told })) })
}

/// The booking that is named, else the next one, else the latest.
pub(super) async fn show(work: Work<'_>, named: Option<BookingId>) -> Result<Acted> {
    let found = match named.or_else(|| in_context(work)) {
        Some(id) => Some(work.domain.booking(&work.chat.actor, id).await?),
        None => next_or_latest(work.domain.bookings(&caller(work)?, &all()).await?),
    };
    let Some(found) = found else { return Ok(none("There is no booking yet.")) };
    let told = told_all(work, std::slice::from_ref(&found)).await?.pop();
    let shows = Shows { booking: Some(found.booking.id), ..Shows::default() };
    Ok(Acted { shows, ..Acted::told(json!({ "booking": told })) })
}

fn next_or_latest(bookings: Vec<BookingDetails>) -> Option<BookingDetails> {
    let next = bookings.iter().filter(|one| is_ahead(one)).min_by_key(|one| one.booking.start_at).cloned();
    next.or_else(|| bookings.into_iter().next())
}

pub(super) async fn cancel(work: Work<'_>, how: CancelBooking) -> Result<Acted> {
    let mut text = Text::default();
    let reason = text.of("/reason", how.reason, REASON);
    text.refuse()?;
    let open = open_of(work, |fields| match fields {
        Fields::BookingCancellation(fields) => Some((fields.booking_id, fields.reason)),
        _ => None,
    });
    let open = open.await?;
    let named = how.booking_id.or(open.as_ref().map(|(id, _)| *id));
    let found = match the_one(work, named, is_ahead, "There is no upcoming booking to cancel.").await? {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal.into()),
    };
    let before = open.filter(|(id, _)| *id == found.booking.id).and_then(|(_, reason)| reason);
    let fields = Fields::BookingCancellation(BookingCancellation {
        booking_id: found.booking.id,
        reason: reason.or(before),
        rebook: how.rebook.unwrap_or(false),
    });
    draft(work, &fields, &found).await
}

pub(super) async fn reschedule(work: Work<'_>, how: RescheduleBooking) -> Result<Acted> {
    let mut text = Text::default();
    let said = text.of("/note", how.note, NOTE);
    text.refuse()?;
    let open = open_of(work, |fields| match fields {
        Fields::Reschedule(fields) => Some(fields),
        _ => None,
    });
    let open = open.await?;
    let named = how.booking_id.or(open.as_ref().map(|open| open.booking_id));
    let found = match the_one(work, named, is_ahead, "There is no upcoming booking to move.").await? {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal.into()),
    };
    let before = open.filter(|open| open.booking_id == found.booking.id);
    let (before, note) = before.map(|before| (before.slot, before.note)).unwrap_or_default();
    let date = how.date.or(before.as_ref().map(|slot| slot.date));
    let start_time = how.start_time.or(before.map(|slot| slot.start_time));
    let slot = match (date, start_time) {
        (Some(date), Some(start_time)) => Some(LocalSlot { date, start_time }),
        _ => None,
    };
    if let Some(slot) = &slot {
        let slots =
            work.domain.free_instead(&work.chat.actor, found.booking.id, drafts::named(slot)?).await?;
        if !slots.is_empty() {
            return Ok(
                Refusal { slots, ..Refusal::new("slot_taken", "That slot is not free; these are.") }.into()
            );
        }
    }
    let fields = Fields::Reschedule(Reschedule { booking_id: found.booking.id, slot, note: said.or(note) });
    let missing = !fields.missing().is_empty();
    let free = if missing { free(work, &found, date).await? } else { Vec::new() };
    let mut acted = draft(work, &fields, &found).await?;
    if missing {
        acted.result["slots"] = Value::Array(free);
        acted.ui = Some(Ui::PickSlot);
    }
    Ok(acted)
}

pub(super) async fn answer_reschedule(work: Work<'_>, how: AnswerReschedule) -> Result<Acted> {
    let asked =
        |one: &BookingDetails| one.proposal.as_ref().is_some_and(|(open, _)| Some(open.by) != one.side);
    let found = match the_one(work, how.booking_id, asked, "Nobody proposes another slot.").await? {
        Ok(found) => found,
        Err(refusal) => return Ok(refusal.into()),
    };
    let Some((_, slot)) = found.proposal.as_ref().filter(|_| asked(&found)) else {
        return Ok(none("Nobody proposes another slot for this booking."));
    };
    let fields = Fields::RescheduleAnswer(RescheduleAnswer {
        booking_id: found.booking.id,
        accept: how.accept,
        slot: LocalSlot { date: slot.date, start_time: slot.start_time.clone() },
    });
    draft(work, &fields, &found).await
}

pub(super) async fn complete(work: Work<'_>, named: Option<BookingId>) -> Result<Acted> {
    match the_one(work, named, has_begun, "No booking has begun that could be done.").await? {
        Ok(found) => {
            draft(work, &Fields::Completion(OfBooking { booking_id: found.booking.id }), &found).await
        }
        Err(refusal) => Ok(refusal.into()),
    }
}

pub(super) async fn no_show(work: Work<'_>, named: Option<BookingId>) -> Result<Acted> {
    match the_one(work, named, has_begun, "No booking has begun that nobody could have come to.").await? {
        Ok(found) => draft(work, &Fields::NoShow(OfBooking { booking_id: found.booking.id }), &found).await,
        Err(refusal) => Ok(refusal.into()),
    }
}

pub(super) async fn review(work: Work<'_>, how: SubmitReview) -> Result<Acted> {
    let mut text = Text::default();
    let said = text.of("/text", how.text, REVIEW);
    text.refuse()?;
    let open = open_of(work, |fields| match fields {
        Fields::Review(fields) => Some(fields),
        _ => None,
    });
    let open = open.await?;
    let named = how.booking_id.or_else(|| in_context(work)).or(open.as_ref().map(|open| open.booking_id));
    let bookings = match named {
        Some(id) => vec![work.domain.booking(&work.chat.actor, id).await?],
        None => work.domain.bookings(&caller(work)?, &all()).await?,
    };
    let reviewed = reviewed(work, &bookings).await?;
    let found = bookings.iter().find(|one| named.is_some() || can_review(work, one, &reviewed));
    let Some(found) = found else {
        return Ok(none("There is no completed booking that waits for a review."));
    };
    if reviewed.contains(&found.booking.id) {
        return Ok(Refusal::new("already_reviewed", "This booking has its review already.").into());
    }
    let before = open.filter(|open| open.booking_id == found.booking.id);
    let of = |now: Option<i32>, before: Option<i32>| now.or(before);
    let fields = match before {
        Some(before) => ReviewFields {
            booking_id: before.booking_id,
            rating: of(how.rating, before.rating),
            quality: of(how.quality, before.quality),
            punctuality: of(how.punctuality, before.punctuality),
            communication: of(how.communication, before.communication),
            value: of(how.value, before.value),
            text: said.unwrap_or(before.text),
        },
        None => ReviewFields {
            booking_id: found.booking.id,
            rating: how.rating,
            quality: how.quality,
            punctuality: how.punctuality,
            communication: how.communication,
            value: how.value,
            text: said.unwrap_or_default(),
        },
    };
    let marks = [fields.rating, fields.quality, fields.punctuality, fields.communication, fields.value];
    if marks.into_iter().flatten().any(|mark| !(1..=5).contains(&mark)) {
        return Ok(Refusal::new("invalid", "Marks go from 1 to 5.").into());
    }
    draft(work, &Fields::Review(fields), found).await
}

/// Drafts something about a booking.
async fn draft(work: Work<'_>, fields: &Fields, about: &BookingDetails) -> Result<Acted> {
    let mut acted = drafts::drafted(&mut *work.unit.conn().await?, work.chat, fields).await?;
    acted.result["booking"] = told::booking(&work.domain.catalog(), about, false);
    Ok(Acted { shows: Shows { booking: Some(about.booking.id), ..Shows::default() }, ..acted })
}

/// What the open draft holds, if it is of that kind.
async fn open_of<T>(work: Work<'_>, of: impl FnOnce(Fields) -> Option<T>) -> Result<Option<T>> {
    Ok(drafts::open_fields(&mut *work.unit.conn().await?, work.chat).await?.and_then(of))
}

fn none(detail: &str) -> Acted {
    Refusal::new("none", detail).into()
}

fn is_ahead(one: &BookingDetails) -> bool {
    one.booking.status == BookingStatus::Confirmed && !one.booking.has_begun(Utc::now())
}

fn has_begun(one: &BookingDetails) -> bool {
    one.booking.status == BookingStatus::Confirmed && one.booking.has_begun(Utc::now())
}

fn can_review(work: Work<'_>, one: &BookingDetails, reviewed: &[BookingId]) -> bool {
    let now = Utc::now();
    one.booking.user_id == work.chat.user_id()
        && one.booking.stands_at(now) == BookingStatus::Completed
        && now <= one.booking.end_at + Duration::days(REVIEW_DAYS)
        && !reviewed.contains(&one.booking.id)
}

fn in_context(work: Work<'_>) -> Option<BookingId> {
    match work.chat.context() {
        Some(Context::BookingId(id)) => Some(id),
        _ => None,
    }
}

/// The booking that is named, else the only one that fits; else what could be meant.
async fn the_one(
    work: Work<'_>,
    named: Option<BookingId>,
    fits: impl Fn(&BookingDetails) -> bool,
    nothing: &str,
) -> Result<Result<BookingDetails, Refusal>> {
    if let Some(id) = named.or_else(|| in_context(work)) {
        return Ok(Ok(work.domain.booking(&work.chat.actor, id).await?));
    }
    let mut bookings = work.domain.bookings(&caller(work)?, &all()).await?;
    bookings.retain(fits);
    Ok(match bookings.len() {
        0 => Err(Refusal::new("none", nothing)),
        1 => Ok(bookings.remove(0)),
        _ => Err(Refusal::which("Which booking is meant?", told_all(work, &bookings).await?)),
    })
}

async fn reviewed(work: Work<'_>, bookings: &[BookingDetails]) -> Result<Vec<BookingId>> {
    let ids: Vec<BookingId> = bookings.iter().map(|one| one.booking.id).collect();
    db::reviews::reviewed_of(&mut *work.unit.conn().await?, &ids).await
}

async fn told_all(work: Work<'_>, bookings: &[BookingDetails]) -> Result<Vec<Value>> {
    let reviewed = reviewed(work, bookings).await?;
    let catalog = work.domain.catalog();
    Ok(bookings.iter().map(|one| told::booking(&catalog, one, can_review(work, one, &reviewed))).collect())
}

/// Free slots of the booking's provider, on a date or soon.
async fn free(work: Work<'_>, booked: &BookingDetails, on: Option<chrono::NaiveDate>) -> Result<Vec<Value>> {
    let today = Utc::now().date_naive();
    let (from, to) = on.map_or((today, today + Duration::days(FREE_DAYS)), |date| (date, date));
    let asked = slots::Asked { service_id: booked.booking.service_id.clone(), from, to };
    let free = work.domain.free_slots(&work.chat.actor, booked.booking.provider_id, &asked).await;
    // Who does not offer the service any more still has what is booked.
    let slots = free.map(|free| free.slots).unwrap_or_default();
    Ok(slots.iter().take(FREE_SHOWN).map(told::slot).collect())
}
