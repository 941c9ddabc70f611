//! The two sides of a booking, and how each reaches the other.

use diesel::prelude::*;
use diesel::sql_types::{Array, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::auth::Scope;
use crate::db::Conn;
use crate::db::owned::owned;
use crate::db::schema::{bookings, providers};
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::bookings::Booking;
use crate::model::{BookingId, ProviderId, RequestId, UserId};

/// Whom a booking is between.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Sides {
    /// For which request.
    pub request_id: RequestId,
    /// Who does the work.
    pub provider_id: ProviderId,
    /// Who needs it.
    pub consumer: UserId,
    /// Whose the provider is.
    pub provider: UserId,
}

/// A booking of either side in this scope.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: BookingId) -> Result<Booking> {
    let needed = owned!("bookings.find_for.needed", bookings::user_id, whose);
    let done = owned!("bookings.find_for.done", providers::user_id, whose);
    Ok(bookings::table
        .inner_join(providers::table.on(providers::id.eq(bookings::provider_id)))
        .filter(bookings::id.eq(id).and(needed.or(done)))
        .select(Booking::as_select())
        .get_result(conn)
        .await?)
}

/// Those of some bookings of which somebody in this scope is one side.
///
/// # Errors
/// When the database is away.
pub async fn all_for(conn: &mut Conn, whose: Scope, ids: &[BookingId]) -> Result<Vec<Booking>> {
    let needed = owned!("bookings.all_for.needed", bookings::user_id, whose);
    let done = owned!("bookings.all_for.done", providers::user_id, whose);
    Ok(bookings::table
        .inner_join(providers::table.on(providers::id.eq(bookings::provider_id)))
        .filter(bookings::id.eq_any(ids).and(needed.or(done)))
        .select(Booking::as_select())
        .load(conn)
        .await?)
}

/// Whom a booking is between of which somebody in this scope is one side or, if it must be, the provider.
///
/// # Errors
/// `not_yours` when there is none.
pub async fn sides_for(conn: &mut Conn, whose: Scope, id: BookingId, provider_only: bool) -> Result<Sides> {
    let columns = (bookings::request_id, bookings::provider_id, bookings::user_id, providers::user_id);
    let booking = bookings::table
        .inner_join(providers::table.on(providers::id.eq(bookings::provider_id)))
        .filter(bookings::id.eq(id))
        .select(columns);
    if provider_only {
        let done = owned!("bookings.sides_for.provider", providers::user_id, whose);
        return Ok(booking.filter(done).get_result(conn).await?);
    }
    let needed = owned!("bookings.sides_for.needed", bookings::user_id, whose);
    let done = owned!("bookings.sides_for.done", providers::user_id, whose);
    Ok(booking.filter(needed.or(done)).get_result(conn).await?)
}

/// Whom a booking is between; for what has found its id by a rule of its own.
///
/// # Errors
/// When the database is away or there is none.
pub async fn sides_of(conn: &mut Conn, id: BookingId) -> Result<Sides> {
    Ok(bookings::table
        .inner_join(providers::table.on(providers::id.eq(bookings::provider_id)))
        .filter(bookings::id.eq(id))
        .select((bookings::request_id, bookings::provider_id, bookings::user_id, providers::user_id))
        .get_result(conn)
        .await?)
}

/// How each side of a booking reaches the other.
#[derive(Clone, Debug, Queryable)]
pub struct Contact {
    /// Of which booking.
    pub booking_id: BookingId,
    /// Whose the provider is.
    pub provider_user: UserId,
    /// The business's name.
    pub provider_name: String,
    /// Its e-mail; the account's if none is given.
    pub provider_email: Option<String>,
    /// Its telephone.
    pub provider_phone: Option<String>,
    /// Where it is.
    pub provider_street: Option<String>,
    /// What the consumer is called.
    pub consumer_name: Option<String>,
    /// The consumer's e-mail; the account's if none is given.
    pub consumer_email: Option<String>,
    /// The consumer's telephone.
    pub consumer_phone: Option<String>,
    /// Where the consumer lives.
    pub consumer_street: Option<String>,
}

statement! {
    /// One row a booking.
    Contacts { ids: Vec<BookingId> => Array<Uuid> } ->
      (Uuid, Uuid, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>, Nullable<Text>,
       Nullable<Text>) =
    "SELECT b.id, p.user_id, p.name, coalesce(p.email, pa.email), p.phone, p.street, u.name, coalesce(c.email, ca.email),
       c.phone, c.street
     FROM bookings b
     JOIN providers p ON p.id = b.provider_id
     LEFT JOIN accounts pa ON pa.user_id = p.user_id
     JOIN users u ON u.id = b.user_id
     LEFT JOIN accounts ca ON ca.user_id = u.id
     LEFT JOIN consumer_profiles c ON c.user_id = u.id
     WHERE b.id = ANY (?)"
}

/// How the sides of bookings reach each other; the caller has looked at who reads it.
///
/// # Errors
/// When the database is away.
pub async fn contacts_of(conn: &mut Conn, ids: &[BookingId]) -> Result<Vec<Contact>> {
    Ok(Contacts { ids: ids.to_vec() }.get_results(conn).await?)
}
