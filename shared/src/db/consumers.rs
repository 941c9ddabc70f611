//! Queries on consumers: their profile, and their requests by where these stand.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz, Uuid};
use diesel_async::RunQueryDsl;

use super::Conn;
use super::owned::{owned, owned_sql};
use super::schema::{consumer_profiles, users};
use super::statement::statement;
use crate::auth::Scope;
use crate::error::Result;
use crate::model::consumers::ConsumerProfile;
use crate::model::users::User;
use crate::model::{BookingId, OfferId, ProviderId, RequestId, UserId};

/// A user in this scope, with the profile, if there is one.
///
/// # Errors
/// `not_yours` when there is no such user.
pub async fn find_for(conn: &mut Conn, whose: Scope, id: UserId) -> Result<(User, Option<ConsumerProfile>)> {
    let user = users::table
        .filter(users::id.eq(id).and(owned!("consumers.find_for", users::id, whose)))
        .select(User::as_select())
        .get_result(conn)
        .await?;
    let profile = consumer_profiles::table.find(id).select(ConsumerProfile::as_select());
    Ok((user, profile.get_result(conn).await.optional()?))
}

/// What is written of a profile.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = consumer_profiles, treat_none_as_null = true)]
struct ProfileRow<'a> {
    user_id: UserId,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    street: Option<&'a str>,
    city: Option<&'a str>,
    zone: Option<&'a str>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    updated_at: DateTime<Utc>,
}

/// Writes a profile in place of what is there.
///
/// # Errors
/// When the database is away or refuses.
pub async fn put(conn: &mut Conn, profile: &ConsumerProfile) -> Result<()> {
    let row = ProfileRow {
        user_id: profile.user_id,
        email: profile.email.as_deref(),
        phone: profile.phone.as_deref(),
        street: profile.street.as_deref(),
        city: profile.city.as_deref(),
        zone: profile.zone.as_deref(),
        latitude: profile.latitude,
        longitude: profile.longitude,
        updated_at: Utc::now(),
    };
    diesel::insert_into(consumer_profiles::table)
        .values(&row)
        .on_conflict(consumer_profiles::user_id)
        .do_update()
        .set(&row)
        .execute(conn)
        .await?;
    Ok(())
}

statement! {
    /// The newest of each part, with how many the part has.
    Grouped { owner: UserId => Uuid, most: i64 => BigInt } -> (Uuid, Text, BigInt) = concat!(
    "WITH a AS (SELECT ? AS owner, ? AS most)
     SELECT id, part, total FROM (
       SELECT r.id, g.part, row_number() OVER (PARTITION BY g.part ORDER BY r.id DESC) AS place,
         count(*) OVER (PARTITION BY g.part) AS total
       FROM a, requests r CROSS JOIN LATERAL (SELECT CASE
         WHEN r.status IN ('matching', 'matched') THEN 'open'
         WHEN r.status = 'offers_received' THEN 'pending'
         WHEN r.status = 'booked' THEN 'upcoming'
         WHEN r.status = 'completed' THEN 'completed' END AS part) g
       WHERE g.part IS NOT NULL AND ", owned_sql!("consumers.grouped", "r.user_id = a.owner"), "
     ) parts WHERE place <= (SELECT most FROM a) ORDER BY id DESC")
}

/// The newest requests of a consumer in each part (`open`, `pending`, `upcoming`, `completed`), up to `most`, with how
/// many that part has.
///
/// # Errors
/// When the database is away.
pub async fn grouped_for(conn: &mut Conn, owner: UserId, most: i64) -> Result<Vec<(RequestId, String, i64)>> {
    Ok(Grouped { owner, most }.get_results(conn).await?)
}

/// The best live offer for a request: the least price, then the better rated, then the first.
#[derive(Clone, Debug, Queryable)]
pub struct BestOffer {
    /// For which.
    pub request_id: RequestId,
    /// The offer.
    pub id: OfferId,
    /// Whose.
    pub provider_id: ProviderId,
    /// The business's name.
    pub provider_name: String,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// How long it would take.
    pub duration_minutes: i32,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
    /// How many live offers the request has.
    pub offers: i64,
}

statement! {
    /// One a request.
    Best { requests: Vec<RequestId> => Array<Uuid> }
    -> (Uuid, Uuid, Uuid, Text, BigInt, Text, Integer, Timestamptz, BigInt) =
    "SELECT DISTINCT ON (o.request_id) o.request_id, o.id, o.provider_id, p.name, o.price_cents, o.currency,
       o.duration_minutes, o.expires_at, count(*) OVER (PARTITION BY o.request_id)
     FROM offers o JOIN providers p ON p.id = o.provider_id
     WHERE o.request_id = ANY (?) AND o.status = 'pending' AND o.expires_at > now()
     ORDER BY o.request_id, o.price_cents, p.rating DESC NULLS LAST, o.id"
}

/// The best live offer of each request that has one.
///
/// # Errors
/// When the database is away.
pub async fn best_offers(conn: &mut Conn, requests: &[RequestId]) -> Result<Vec<BestOffer>> {
    Ok(Best { requests: requests.to_vec() }.get_results(conn).await?)
}

/// What was booked for a request.
#[derive(Clone, Debug, Queryable)]
pub struct Booked {
    /// For which.
    pub request_id: RequestId,
    /// The booking.
    pub id: BookingId,
    /// Who does it.
    pub provider_id: ProviderId,
    /// The business's name.
    pub provider_name: String,
    /// For how much, in minor units.
    pub price_cents: i64,
    /// ISO 4217.
    pub currency: String,
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End.
    pub end_at: DateTime<Utc>,
    /// IANA zone in which it was agreed.
    pub zone: String,
}

statement! {
    /// The last of each request that stands or is done.
    BookedFor { requests: Vec<RequestId> => Array<Uuid> }
    -> (Uuid, Uuid, Uuid, Text, BigInt, Text, Timestamptz, Timestamptz, Text) =
    "SELECT DISTINCT ON (b.request_id) b.request_id, b.id, b.provider_id, p.name, b.price_cents, b.currency, b.start_at,
       b.end_at, b.zone
     FROM bookings b JOIN providers p ON p.id = b.provider_id
     WHERE b.request_id = ANY (?) AND b.status IN ('confirmed', 'completed', 'no_show')
     ORDER BY b.request_id, b.id DESC"
}

/// The booking of each request that has one.
///
/// # Errors
/// When the database is away.
pub async fn bookings(conn: &mut Conn, requests: &[RequestId]) -> Result<Vec<Booked>> {
    Ok(BookedFor { requests: requests.to_vec() }.get_results(conn).await?)
}
