//! The providers that somebody may look at who is thinking of a request.

use diesel::sql_types::{Array, BigInt, Double, Nullable, Text, Uuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::db::statement::statement;
use crate::db::users::account_is_open;
use crate::error::Result;
use crate::model::UserId;
use crate::model::places::Location;
use crate::model::providers::Candidate;

/// The rules that a provider must meet to be found; what is null is not asked.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Only bookable offers of this service.
    pub service_id: &'a str,
    /// In this city, unless both sides have coordinates.
    pub city: &'a str,
    /// Measured from here.
    pub location: Option<Location>,
    /// Never the same person.
    pub not_user: Option<UserId>,
    /// At most so many.
    pub limit: i64,
}

statement! {
    /// Providers that meet every rule, the better rated first. What they meet is measured exactly; what is told, to where the
    /// public knows them to be.
    Find {
        service_id: String => Text,
        city: String => Text,
        latitude: Option<f64> => Nullable<Double>,
        longitude: Option<f64> => Nullable<Double>,
        not_user: Option<UserId> => Nullable<Uuid>,
        most: i64 => BigInt,
    } -> (Uuid, Text, Text, Nullable<Double>, diesel::sql_types::Integer, Nullable<BigInt>, Text, Nullable<Double>,
          Array<Text>) =
    concat!("WITH a AS (
       SELECT ?::text AS service_id, plain_name(?) AS city, ?::float8 AS latitude, ?::float8 AS longitude,
         ?::uuid AS not_user, ?::bigint AS most
     )
     SELECT p.id, p.name, p.city, p.rating, p.review_count, s.price_min_cents, s.currency,
       distance_km(a.latitude, a.longitude, round(p.latitude * 100) / 100, round(p.longitude * 100) / 100),
       s.specializations
     FROM a
     JOIN provider_services s ON s.service_id = a.service_id AND is_bookable(s.licence, s.licence_expires_on)
     JOIN providers p ON p.id = s.provider_id AND p.status = 'active'
     CROSS JOIN LATERAL (SELECT distance_km(a.latitude, a.longitude, p.latitude, p.longitude) AS km) d
     WHERE CASE WHEN d.km IS NULL THEN plain_name(p.city) = a.city
                WHEN 'remote' = ANY (s.places) THEN true
                ELSE d.km <= greatest(
                  CASE WHEN 'consumer' = ANY (s.places) THEN p.radius_km ELSE 0 END,
                  CASE WHEN 'provider' = ANY (s.places) THEN 25 ELSE 0 END) END
       AND (a.not_user IS NULL OR p.user_id <> a.not_user) AND ", account_is_open!(), "
     ORDER BY p.rating DESC NULLS LAST, p.id LIMIT (SELECT most FROM a)")
}

/// The providers that meet every rule.
///
/// # Errors
/// When the database is away.
pub async fn find(conn: &mut Conn, wanted: &Wanted<'_>) -> Result<Vec<Candidate>> {
    let find = Find {
        service_id: wanted.service_id.to_owned(),
        city: wanted.city.to_owned(),
        latitude: wanted.location.map(|l| l.latitude),
        longitude: wanted.location.map(|l| l.longitude),
        not_user: wanted.not_user,
        most: wanted.limit,
    };
    Ok(find.get_results(conn).await?)
}
