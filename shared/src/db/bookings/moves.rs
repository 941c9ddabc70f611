//! The ways in which a booking changes, each written down.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::schema::{booking_history, bookings, request_matches, requests, sql_types};
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::bookings::{BookingSide, BookingStatus, Proposal};
use crate::model::{BookingId, ProviderId, RequestId, UserId};

statement! {
    /// The move and what is written down of it: both or neither. What was proposed is over with it.
    End {
        id: BookingId => Uuid,
        to: BookingStatus => sql_types::BookingStatus,
        cancelled_by: Option<BookingSide> => Nullable<sql_types::BookingSide>,
        reason: Option<String> => Nullable<Text>,
        late: bool => Bool,
        actor: Option<UserId> => Nullable<Uuid>,
        note: Option<String> => Nullable<Text>,
    } -> Bool =
    r#"WITH a AS (
       SELECT ? AS id, ? AS after, ? AS cancelled_by, ? AS reason, ? AS late, ? AS actor_id, ? AS note
     ), moved AS (
       UPDATE bookings b SET status = a.after, cancelled_by = a.cancelled_by, cancel_reason = a.reason, late = a.late,
         proposed_start_at = NULL, proposed_end_at = NULL, proposed_by = NULL, proposed_until = NULL,
         proposed_note = NULL, ended_at = now(), updated_at = now()
       FROM a WHERE b.id = a.id AND b.status = 'confirmed' RETURNING b.id
     )
     INSERT INTO booking_history (booking_id, "from", "to", actor_id, note)
     SELECT a.id, 'confirmed', a.after, a.actor_id, a.note FROM a JOIN moved ON moved.id = a.id
     RETURNING true"#
}

/// How a booking ends.
#[derive(Clone, Debug)]
pub struct Ending<'a> {
    /// As what.
    pub to: BookingStatus,
    /// Who called it off.
    pub cancelled_by: Option<BookingSide>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Whether that was late.
    pub late: bool,
    /// Who moved it; nobody: time.
    pub actor: Option<UserId>,
    /// More of it.
    pub note: Option<&'a str>,
}

/// Ends a confirmed booking, which the caller has locked; answers whether it was one. The domain has asked whether the
/// move is a legal one.
///
/// # Errors
/// When the database is away.
pub async fn end(conn: &mut Conn, id: BookingId, ending: &Ending<'_>) -> Result<bool> {
    let Ending { to, cancelled_by, reason, late, actor, note } = *ending;
    let (reason, note) = (reason.map(str::to_owned), note.map(str::to_owned));
    let ended: Vec<bool> = End { id, to, cancelled_by, reason, late, actor, note }.get_results(conn).await?;
    Ok(!ended.is_empty())
}

/// Writes down something of a confirmed booking that leaves it confirmed.
///
/// # Errors
/// When the database is away.
pub async fn note(conn: &mut Conn, id: BookingId, actor: Option<UserId>, note: &str) -> Result<()> {
    diesel::insert_into(booking_history::table)
        .values((
            booking_history::booking_id.eq(id),
            booking_history::from.eq(BookingStatus::Confirmed),
            booking_history::to.eq(BookingStatus::Confirmed),
            booking_history::actor_id.eq(actor),
            booking_history::note.eq(note),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// What was last written down of a booking: where it went, who did it and the note.
///
/// # Errors
/// When the database is away.
pub async fn last_noted(
    conn: &mut Conn,
    id: BookingId,
) -> Result<Option<(BookingStatus, Option<UserId>, Option<String>)>> {
    Ok(booking_history::table
        .filter(booking_history::booking_id.eq(id))
        .order(booking_history::at.desc())
        .select((booking_history::to, booking_history::actor_id, booking_history::note))
        .first(conn)
        .await
        .optional()?)
}

/// Proposes another slot, in place of what was proposed before.
///
/// # Errors
/// When the database is away.
pub async fn propose(conn: &mut Conn, id: BookingId, proposal: &Proposal, note: Option<&str>) -> Result<()> {
    diesel::update(bookings::table.find(id))
        .set((
            bookings::proposed_start_at.eq(Some(proposal.start_at)),
            bookings::proposed_end_at.eq(Some(proposal.end_at)),
            bookings::proposed_by.eq(Some(proposal.by)),
            bookings::proposed_until.eq(Some(proposal.until)),
            bookings::proposed_note.eq(note),
            bookings::updated_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends a proposal: what was agreed stands.
///
/// # Errors
/// When the database is away.
pub async fn lapse(conn: &mut Conn, id: BookingId) -> Result<()> {
    diesel::update(bookings::table.find(id))
        .set((
            bookings::proposed_start_at.eq(None::<DateTime<Utc>>),
            bookings::proposed_end_at.eq(None::<DateTime<Utc>>),
            bookings::proposed_by.eq(None::<BookingSide>),
            bookings::proposed_until.eq(None::<DateTime<Utc>>),
            bookings::proposed_note.eq(None::<String>),
            bookings::updated_at.eq(diesel::dsl::now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a booking to the slot that was proposed.
///
/// # Errors
/// `slot_taken` when another of the provider's is there, whatever was looked at before.
pub async fn move_slot(conn: &mut Conn, id: BookingId, proposal: &Proposal) -> Result<()> {
    lapse(conn, id).await?;
    diesel::update(bookings::table.find(id))
        .set((bookings::start_at.eq(proposal.start_at), bookings::end_at.eq(proposal.end_at)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Prepares a request, whose row the caller has locked, for being matched again: never to who had the booking, and so
/// that it lives until then at least.
///
/// # Errors
/// When the database is away.
pub async fn reopen(
    conn: &mut Conn,
    request: RequestId,
    not: ProviderId,
    until: Option<DateTime<Utc>>,
) -> Result<()> {
    let lead = request_matches::table.find((request, not)).filter(request_matches::passed_at.is_null());
    diesel::update(lead)
        .set(request_matches::passed_at.eq(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
        .execute(conn)
        .await?;
    if let Some(until) = until {
        diesel::update(requests::table.find(request).filter(requests::expires_at.lt(until)))
            .set(requests::expires_at.eq(until))
            .execute(conn)
            .await?;
    }
    Ok(())
}
