//! The providers that meet the hard rules of a request.

use diesel::sql_types::{Array, BigInt, Double, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::error::Result;
use crate::model::places::Location;
use crate::model::providers::Candidate;
use crate::model::{RequestId, UserId};

/// The hard rules that a provider must meet to be found; what is null is not asked.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Only bookable offers of this service.
    pub service_id: &'a str,
    /// In this city, unless both sides have coordinates.
    pub city: &'a str,
    /// Measured from here.
    pub location: Option<Location>,
    /// How far the consumer would go, in kilometres.
    pub max_distance_km: Option<f64>,
    /// Least price must meet this, in minor units of `currency`.
    pub max_cents: Option<i64>,
    /// ISO 4217, with `max_cents`.
    pub currency: Option<&'a str>,
    /// Never the same person.
    pub not_user: Option<UserId>,
    /// Never those that this request was routed to already.
    pub not_routed: Option<RequestId>,
    /// At most so many.
    pub limit: i64,
}

statement! {
    /// Providers that meet every hard rule, the better rated first.
    Find {
        service_id: String => Text,
        city: String => Text,
        latitude: Option<f64> => Nullable<Double>,
        longitude: Option<f64> => Nullable<Double>,
        max_distance_km: Option<f64> => Nullable<Double>,
        max_cents: Option<i64> => Nullable<BigInt>,
        currency: Option<String> => Nullable<Text>,
        not_user: Option<UserId> => Nullable<Uuid>,
        not_routed: Option<RequestId> => Nullable<Uuid>,
        most: i64 => BigInt,
    } -> (Uuid, Text, Text, Nullable<Double>, diesel::sql_types::Integer, Nullable<BigInt>, Text, Nullable<Double>,
          Array<Text>) =
    "WITH a AS (
       SELECT ?::text AS service_id, plain_name(?) AS city, ?::float8 AS latitude, ?::float8 AS longitude,
         ?::float8 AS max_distance_km, ?::bigint AS max_cents, ?::text AS currency, ?::uuid AS not_user,
         ?::uuid AS not_routed, ?::bigint AS most
     )
     SELECT p.id, p.name, p.city, p.rating, p.review_count, s.price_min_cents, s.currency, d.km, s.specializations
     FROM a
     JOIN provider_services s ON s.service_id = a.service_id AND s.licence IN ('not_needed', 'verified')
     JOIN providers p ON p.id = s.provider_id AND p.status = 'active'
     CROSS JOIN LATERAL (SELECT distance_km(a.latitude, a.longitude, p.latitude, p.longitude) AS km) d
     WHERE CASE WHEN d.km IS NULL THEN plain_name(p.city) = a.city
                WHEN 'remote' = ANY (s.places) THEN true
                ELSE d.km <= greatest(
                  CASE WHEN 'consumer' = ANY (s.places) THEN p.radius_km ELSE 0 END,
                  CASE WHEN 'provider' = ANY (s.places) THEN coalesce(a.max_distance_km, 25) ELSE 0 END) END
       AND (a.max_cents IS NULL OR s.price_min_cents IS NULL
            OR (s.currency = a.currency AND s.price_min_cents <= a.max_cents))
       AND (a.not_user IS NULL OR p.user_id <> a.not_user)
       AND (a.not_routed IS NULL OR NOT EXISTS (
         SELECT FROM request_matches m WHERE m.request_id = a.not_routed AND m.provider_id = p.id))
     ORDER BY p.rating DESC NULLS LAST, p.id LIMIT (SELECT most FROM a)"
}

/// The providers that meet every hard rule.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Candidate>> {
    let find = Find {
        service_id: wanted.service_id.to_owned(),
        city: wanted.city.to_owned(),
        latitude: wanted.location.map(|l| l.latitude),
        longitude: wanted.location.map(|l| l.longitude),
        max_distance_km: wanted.max_distance_km,
        max_cents: wanted.max_cents,
        currency: wanted.currency.map(str::to_owned),
        not_user: wanted.not_user,
        not_routed: wanted.not_routed,
        most: wanted.limit,
    };
    Ok(find.get_results(conn).await?)
}
