//! Offers that nobody can accept any more.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::{OfferId, ProviderId};

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
    /// By the index of live offers. The first condition is the index's, as far as it goes.
    LiveAfter {
        expires_at: DateTime<Utc> => Timestamptz, also: DateTime<Utc> => Timestamptz, id: OfferId => Uuid, most: i64 => BigInt
    } -> (Uuid, Uuid, Timestamptz) =
    "SELECT id, provider_id, expires_at FROM offers
     WHERE status = 'pending' AND expires_at >= ? AND (expires_at, id) > (?, ?) ORDER BY expires_at, id LIMIT ?"
}

/// Where a walk through live offers stands: they come in the order in which their time is over.
pub type Place = (DateTime<Utc>, OfferId);

/// The next live offers, up to `most`, with their providers; each with its place.
///
/// # Errors
/// When the database is away.
pub async fn live_after(
    conn: &mut Conn,
    (expires_at, id): Place,
    most: i64,
) -> Result<Vec<(OfferId, ProviderId, DateTime<Utc>)>> {
    Ok(LiveAfter { expires_at, also: expires_at, id, most }.get_results(conn).await?)
}
