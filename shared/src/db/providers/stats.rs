//! How a provider fares.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::{Error, Result};
use crate::model::ProviderId;

/// How often what happened to a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Counts {
    /// Requests that were routed to them.
    pub leads: i64,
    /// Of these, looked at.
    pub leads_viewed: i64,
    /// Of these, passed.
    pub leads_passed: i64,
    /// Offers that they made.
    pub offers: i64,
    /// Of these, waiting for the consumer.
    pub offers_pending: i64,
    /// Of these, accepted.
    pub wins: i64,
    /// Bookings to come.
    pub upcoming: i64,
    /// Bookings that are done.
    pub completed: i64,
    /// Bookings that were called off.
    pub cancelled: i64,
    /// Bookings to which the consumer did not come.
    pub no_shows: i64,
}

statement! {
    /// By the indexes on the provider.
    Count { id: ProviderId => Uuid }
    -> (BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt) =
    "WITH a AS (SELECT ?::uuid AS id)
     SELECT l.all_of_them, l.viewed, l.passed, o.all_of_them, o.pending, o.accepted, b.upcoming, b.completed,
       b.cancelled, b.no_shows
     FROM a
     CROSS JOIN LATERAL (
       SELECT count(*) AS all_of_them, count(viewed_at) AS viewed, count(passed_at) AS passed
       FROM request_matches WHERE provider_id = a.id) l
     CROSS JOIN LATERAL (
       SELECT count(*) AS all_of_them, count(*) FILTER (WHERE status = 'pending' AND expires_at > now()) AS pending,
         count(*) FILTER (WHERE status = 'accepted') AS accepted
       FROM offers WHERE provider_id = a.id) o
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE status = 'confirmed') AS upcoming,
         count(*) FILTER (WHERE status = 'completed') AS completed,
         count(*) FILTER (WHERE status = 'cancelled') AS cancelled,
         count(*) FILTER (WHERE status = 'no_show') AS no_shows
       FROM bookings WHERE provider_id = a.id) b"
}

/// How often what happened to a provider.
///
/// # Errors
/// When the database is away.
pub async fn counts(conn: &mut Conn, id: ProviderId) -> Result<Counts> {
    let rows: Vec<Counts> = Count { id }.get_results(conn).await?;
    rows.into_iter().next().ok_or_else(Error::not_yours)
}

statement! {
    /// The currency in which most was won first.
    PriceWon { id: ProviderId => Uuid } -> (Text, BigInt) =
    "SELECT currency, round(avg(price_cents))::bigint FROM offers WHERE provider_id = ? AND status = 'accepted'
     GROUP BY currency ORDER BY count(*) DESC, currency"
}

/// The mean price of the offers that a provider won, in minor units of each currency; that of most of them first.
///
/// # Errors
/// When the database is away.
pub async fn price_won(conn: &mut Conn, id: ProviderId) -> Result<Vec<(String, i64)>> {
    Ok(PriceWon { id }.get_results(conn).await?)
}

statement! {
    /// What is done is earned.
    Revenue { id: ProviderId => Uuid } -> (Text, BigInt) =
    "SELECT currency, sum(price_cents)::bigint FROM bookings WHERE provider_id = ? AND status = 'completed'
     GROUP BY currency ORDER BY currency"
}

/// What a provider has earned, in minor units of each currency.
///
/// # Errors
/// When the database is away.
pub async fn revenue(conn: &mut Conn, id: ProviderId) -> Result<Vec<(String, i64)>> {
    Ok(Revenue { id }.get_results(conn).await?)
}
