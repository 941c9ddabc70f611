//! Offers that nobody can accept any more.

use diesel::sql_types::{BigInt, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::OfferId;

statement! {
    /// By their index.
    Overdue { most: i64 => BigInt } -> Uuid =
    "SELECT id FROM offers WHERE status = 'pending' AND expires_at <= now() ORDER BY expires_at LIMIT ?"
}

/// Live offers whose time is over, the longest first, up to `most`.
///
/// # Errors
/// When the database is away.
pub async fn overdue(conn: &mut Conn, most: i64) -> Result<Vec<OfferId>> {
    Ok(Overdue { most }.get_results(conn).await?)
}

statement! {
    /// As the calendar would say of each slot, but for the hours: those are looked at again with the offer locked.
    WithoutSlots { most: i64 => BigInt } -> Uuid =
    "SELECT o.id FROM offers o
     JOIN providers p ON p.id = o.provider_id
     LEFT JOIN availability a ON a.provider_id = o.provider_id
     WHERE o.status = 'pending' AND o.expires_at > now() AND NOT EXISTS (
       SELECT FROM offer_slots s
       WHERE s.offer_id = o.id AND (s.good_until IS NULL OR s.good_until > now())
         AND s.start_at >= now() + make_interval(mins => coalesce(a.notice_minutes, 120))
         AND NOT EXISTS (
           SELECT FROM bookings b
           WHERE b.provider_id = o.provider_id AND b.status <> 'cancelled'
             AND b.start_at < s.end_at + make_interval(mins => coalesce(a.buffer_minutes, 0))
             AND b.end_at > s.start_at - make_interval(mins => coalesce(a.buffer_minutes, 0)))
         AND (a.max_per_day IS NULL OR a.max_per_day > (
           SELECT count(*) FROM bookings b
           WHERE b.provider_id = o.provider_id AND b.status <> 'cancelled'
             AND b.start_at > s.start_at - interval '2 days' AND b.start_at < s.start_at + interval '2 days'
             AND (b.start_at AT TIME ZONE p.zone)::date = (s.start_at AT TIME ZONE p.zone)::date)))
     ORDER BY o.id LIMIT ?"
}

/// Live offers of whose slots none seems to be left, up to `most`.
///
/// # Errors
/// When the database is away.
pub async fn without_slots(conn: &mut Conn, most: i64) -> Result<Vec<OfferId>> {
    Ok(WithoutSlots { most }.get_results(conn).await?)
}
