//! Queries on bookings.

mod lists;
mod moves;
mod sides;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl;
pub use lists::{Cursor, Wanted, list_done, list_needed};
pub use moves::{Ending, end, lapse, last_noted, move_slot, note, propose, reopen};
pub use sides::{Contact, Sides, all_for, contacts_of, find_for, sides_for, sides_of};

use super::Conn;
use super::schema::bookings;
use super::statement::statement;
use crate::error::{Code, Result};
use crate::model::bookings::Booking;
use crate::model::catalog::ServicePlace;
use crate::model::{BookingId, OfferId, ProviderId, RequestId, UserId};

/// A booking to be inserted.
#[derive(Insertable)]
#[diesel(table_name = bookings)]
pub struct NewBooking<'a> {
    /// Its id.
    pub id: BookingId,
    /// For which request.
    pub request_id: RequestId,
    /// From which offer.
    pub offer_id: OfferId,
    /// Who does the work.
    pub provider_id: ProviderId,
    /// Who needs it.
    pub user_id: UserId,
    /// What is done.
    pub service_id: &'a str,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: &'a str,
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End.
    pub end_at: DateTime<Utc>,
    /// IANA zone in which the slot is agreed.
    pub zone: &'a str,
    /// Where the work is done.
    pub place: ServicePlace,
    /// The consumer's, for work there.
    pub address: Option<&'a str>,
    /// How to get in, what to know.
    pub instructions: Option<&'a str>,
}

/// Inserts a booking.
///
/// # Errors
/// `slot_taken` when another of the provider's is there, whatever was looked at before.
pub async fn insert(conn: &mut Conn, booking: &NewBooking<'_>) -> Result<Booking> {
    Ok(diesel::insert_into(bookings::table)
        .values(booking)
        .returning(Booking::as_returning())
        .get_result(conn)
        .await?)
}

/// The booking that an offer became.
///
/// # Errors
/// When the database is away or there is none.
pub async fn of_offer(conn: &mut Conn, offer: OfferId) -> Result<Booking> {
    bookings::table
        .filter(bookings::offer_id.eq(offer))
        .select(Booking::as_select())
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(|| Code::Internal.into())
}

/// The bookings that offers became.
///
/// # Errors
/// When the database is away.
pub async fn ids_of_offers(conn: &mut Conn, offers: &[OfferId]) -> Result<Vec<(OfferId, BookingId)>> {
    Ok(bookings::table
        .filter(bookings::offer_id.eq_any(offers))
        .select((bookings::offer_id, bookings::id))
        .load(conn)
        .await?)
}

/// Any booking, locked till the transaction ends; its request and its provider are locked already.
///
/// # Errors
/// When the database is away or there is none.
pub async fn lock(conn: &mut Conn, id: BookingId) -> Result<Booking> {
    bookings::table
        .find(id)
        .select(Booking::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await
        .optional()?
        .ok_or_else(|| Code::Internal.into())
}

statement! {
    /// By the index of ends.
    Over { hours: i64 => BigInt, most: i64 => BigInt } -> diesel::sql_types::Uuid =
    "SELECT id FROM bookings WHERE status = 'confirmed' AND end_at <= now() - ? * interval '1 hour' ORDER BY end_at LIMIT ?"
}

/// Confirmed bookings that ended so many hours ago, the oldest first, up to `most`.
///
/// # Errors
/// When the database is away.
pub async fn over_for(conn: &mut Conn, hours: i64, most: i64) -> Result<Vec<BookingId>> {
    Ok(Over { hours, most }.get_results(conn).await?)
}

statement! {
    /// By their index.
    Lapsed { most: i64 => BigInt } -> diesel::sql_types::Uuid =
    "SELECT id FROM bookings WHERE proposed_until <= now() ORDER BY proposed_until LIMIT ?"
}

/// Bookings with a proposal that nobody agreed to in time, up to `most`.
///
/// # Errors
/// When the database is away.
pub async fn with_lapsed_proposal(conn: &mut Conn, most: i64) -> Result<Vec<BookingId>> {
    Ok(Lapsed { most }.get_results(conn).await?)
}
