//! The hard rules of a request that SQL can ask: everything but the calendar.

use std::collections::HashSet;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;
use futures::try_join;

use super::remote::RemoteOffers;
use crate::db::Conn;
use crate::db::schema::sql_types::ServicePlace as ServicePlaceSql;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::catalog::ServicePlace;
use crate::model::places::Location;
use crate::model::{ProviderId, RequestId, UserId};

/// The most providers that are weighed for one request, the better rated first: forty cities' worth of those who offer a
/// service, and more than there are of one that is done from afar, in a market of 100,000. Whoever is not among them would
/// be weighed only in a market where 20,000 others are in reach.
pub const MOST_IN_REACH: i64 = 20_000;

/// The hard rules that a provider must meet, but for the calendar.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Only offers of this service that are in order.
    pub service_id: &'a str,
    /// In this city, unless both sides have coordinates.
    pub city: &'a str,
    /// Measured from here.
    pub location: Option<Location>,
    /// Where the work shall be done; wherever the provider does it if absent.
    pub place: Option<ServicePlace>,
    /// How far the consumer goes, in kilometres.
    pub max_distance_km: f64,
    /// What they ask at least must meet this, in minor units of `currency`.
    pub max_cents: Option<i64>,
    /// ISO 4217, with `max_cents`.
    pub currency: Option<&'a str>,
    /// Never the same person.
    pub not_user: UserId,
    /// Never those that this request was routed to already.
    pub not_routed: RequestId,
}

/// A provider that meets these rules, with what their score is made of.
#[derive(Clone, Debug, PartialEq, Queryable)]
pub struct InReach {
    /// Who.
    pub provider_id: ProviderId,
    /// Degrees north, exactly.
    pub latitude: Option<f64>,
    /// Degrees east, exactly.
    pub longitude: Option<f64>,
    /// How far they travel, in kilometres.
    pub radius_km: f64,
    /// Whether the consumer can come to them.
    pub at_provider: bool,
    /// Whether they can come to the consumer.
    pub at_consumer: bool,
    /// Whether nobody has to travel.
    pub remote: bool,
    /// Mean rating 1 to 5, of however few reviews.
    pub rating: Option<f64>,
    /// How many reviews that is of.
    pub review_count: i32,
    /// Jobs done through here.
    pub completed_jobs: i32,
    /// Bookings called off in the last day.
    pub late_cancellations: i32,
    /// The share of leads that were answered within a day.
    pub response_rate: Option<f64>,
    /// The median time to that, in minutes.
    pub response_minutes: Option<i32>,
    /// The least that they do it for, in minor units.
    pub price_min_cents: Option<i64>,
    /// Most, in minor units.
    pub price_max_cents: Option<i64>,
    /// How long it takes them, if they say.
    pub duration_minutes: Option<i32>,
    /// Their finer skills for the service.
    pub specializations: Vec<String>,
}

/// The columns of [`InReach`].
pub(super) type InReachColumns = (
    Uuid,
    Nullable<Double>,
    Nullable<Double>,
    Double,
    Bool,
    Bool,
    Bool,
    Nullable<Double>,
    Integer,
    Integer,
    Integer,
    Nullable<Double>,
    Nullable<Integer>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<Integer>,
    Array<Text>,
);

/// Those of them that say how good a provider `p` with an offer `s` is.
macro_rules! known {
    () => {
        "coalesce(p.rating_mean, p.rating), p.review_count, p.completed_jobs, p.late_cancellations, p.response_rate, \
         p.response_minutes, greatest(s.price_min_cents, p.min_price_cents), s.price_max_cents, s.duration_minutes, \
         s.specializations"
    };
}
pub(super) use known;

statement! {
    /// `near` is found by indexes: spots in a box around the consumer, boxes around providers that hold the consumer; by
    /// the city where either has no coordinates. The same indexes tell by its hash who offers the service, which are few: whoever
    /// does is measured exactly. That a
    /// licence is good is said twice, as the index on offers that can be booked knows nothing of the day.
    ///
    /// Which way the consumer is reached decides: who goes to the provider counts the consumer's kilometres, who comes to
    /// the consumer the provider's own; one that is in reach is enough.
    Find {
        service_id: String => Text,
        city: String => Text,
        latitude: Option<f64> => Nullable<Double>,
        longitude: Option<f64> => Nullable<Double>,
        place: Option<ServicePlace> => Nullable<ServicePlaceSql>,
        max_distance_km: f64 => Double,
        max_cents: Option<i64> => Nullable<BigInt>,
        currency: Option<String> => Nullable<Text>,
        not_user: UserId => Uuid,
        not_routed: RequestId => Uuid,
        most: i64 => BigInt,
    } -> InReachColumns =
    concat!("WITH a AS MATERIALIZED (
       SELECT ?::text AS service_id, plain_name(?) AS city, ?::float8 AS latitude, ?::float8 AS longitude,
         ?::service_place AS place, ?::float8 AS max_distance_km, ?::bigint AS max_cents, ?::text AS currency,
         ?::uuid AS not_user, ?::uuid AS not_routed, ?::bigint AS most
     ), routed AS MATERIALIZED (
       SELECT ARRAY (SELECT m.provider_id FROM request_matches m WHERE m.request_id = (SELECT not_routed FROM a)) AS ids
     ), boxes AS MATERIALIZED (
       SELECT CASE WHEN place IS NULL OR place = 'provider' THEN box_around(latitude, longitude, max_distance_km) END AS within,
         CASE WHEN place IS NULL OR place = 'consumer' THEN box_around(latitude, longitude, 0) END AS spot,
         hashtext(service_id) AS hash FROM a
     ), near AS (
       SELECT p.id FROM providers p
       WHERE p.status = 'active' AND box_around(p.latitude, p.longitude, 0) && (SELECT within FROM boxes)
         AND (SELECT hash FROM boxes) = ANY (p.offered)
       UNION ALL
       SELECT p.id FROM providers p
       WHERE p.status = 'active' AND box_around(p.latitude, p.longitude, p.radius_km) && (SELECT spot FROM boxes)
         AND (SELECT hash FROM boxes) = ANY (p.offered)
       UNION ALL
       SELECT p.id FROM providers p
       WHERE p.status = 'active' AND plain_name(p.city) = (SELECT city FROM a) AND p.latitude IS NULL
       UNION ALL
       SELECT p.id FROM providers p
       WHERE p.status = 'active' AND plain_name(p.city) = (SELECT city FROM a) AND p.latitude IS NOT NULL
         AND (SELECT latitude IS NULL FROM a)
     ), offers AS MATERIALIZED (
       SELECT s.* FROM provider_services s
       WHERE s.service_id = (SELECT service_id FROM a) AND s.provider_id = ANY (ARRAY (SELECT id FROM near))
         AND s.licence IN ('not_needed', 'verified') AND is_bookable(s.licence, s.licence_expires_on)
     )
     SELECT p.id, p.latitude, p.longitude, p.radius_km, w.at_provider, w.at_consumer, false, ", known!(), "
     FROM offers s
     JOIN providers p ON p.id = s.provider_id AND p.status = 'active'
     JOIN users u ON u.id = p.user_id AND u.status = 'active'
     CROSS JOIN a
     CROSS JOIN LATERAL (SELECT distance_km(a.latitude, a.longitude, p.latitude, p.longitude) AS km) d
     CROSS JOIN LATERAL (
       SELECT plain_name(p.city) = a.city AS same_city,
         (a.place IS NULL OR a.place = 'provider') AND 'provider' = ANY (s.places) AS to_provider,
         (a.place IS NULL OR a.place = 'consumer') AND 'consumer' = ANY (s.places) AS to_consumer
     ) c
     CROSS JOIN LATERAL (
       SELECT c.to_provider AND coalesce(d.km <= a.max_distance_km, c.same_city) AS at_provider,
         c.to_consumer AND coalesce(d.km <= p.radius_km, c.same_city) AS at_consumer
     ) w
     WHERE (w.at_provider OR w.at_consumer)
       AND (a.max_cents IS NULL
            OR coalesce(s.price_min_cents <= a.max_cents, true) AND coalesce(p.min_price_cents <= a.max_cents, true)
               AND (s.currency = a.currency OR num_nonnulls(s.price_min_cents, s.price_max_cents, p.min_price_cents) = 0))
       AND p.user_id <> a.not_user
       AND p.id <> ALL ((SELECT ids FROM routed)::uuid[])
     ORDER BY coalesce(p.rating_mean, p.rating) DESC NULLS LAST, p.id LIMIT (SELECT most FROM a)")
}

/// The providers that meet every rule but the calendar's: at most [`MOST_IN_REACH`] near, and as many from afar besides
/// those who have come since they were all read.
///
/// # Errors
/// When the database is away.
pub async fn in_reach(conn: &Conn, remote: &RemoteOffers, wanted: &Wanted<'_>) -> Result<Vec<Arc<InReach>>> {
    let (near, mut found) = try_join!(near(conn, wanted), remote.in_reach(conn, wanted))?;
    let from_afar: HashSet<ProviderId> = found.iter().map(|one| one.provider_id).collect();
    // Who could travel need not.
    found.extend(near.into_iter().filter(|one| !from_afar.contains(&one.provider_id)).map(Arc::new));
    Ok(found)
}

async fn near(mut conn: &Conn, wanted: &Wanted<'_>) -> Result<Vec<InReach>> {
    if wanted.place == Some(ServicePlace::Remote) {
        return Ok(Vec::new());
    }
    let find = Find {
        service_id: wanted.service_id.to_owned(),
        city: wanted.city.to_owned(),
        latitude: wanted.location.map(|l| l.latitude),
        longitude: wanted.location.map(|l| l.longitude),
        place: wanted.place,
        max_distance_km: wanted.max_distance_km,
        max_cents: wanted.max_cents,
        currency: wanted.currency.map(str::to_owned),
        not_user: wanted.not_user,
        not_routed: wanted.not_routed,
        most: MOST_IN_REACH,
    };
    Ok(find.get_results(&mut conn).await?)
}
