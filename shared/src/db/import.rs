//! Many providers at once, each with all that belongs to it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use uuid::{NoContext, Timestamp, Uuid};

use super::Conn;
use super::statement::statement;
use crate::error::Result;
use crate::model::catalog::ServicePlace;
use crate::model::providers::Licence;
use crate::model::reviews::Reputation;
use crate::model::{ProviderId, ReviewId, UserId};

/// A provider to be inserted, with all that belongs to it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportedProvider {
    /// The importer's own name of it: what is there under this name stays as it is.
    pub external_id: String,
    /// The business's name.
    pub name: String,
    /// A line.
    pub headline: String,
    /// In their own words.
    pub bio: String,
    /// Where they work from.
    pub city: String,
    /// IANA zone of it.
    pub zone: String,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How far they travel, in kilometres.
    pub radius_km: f64,
    /// Languages they speak.
    pub languages: Vec<String>,
    /// For how long they have done this.
    pub years_experience: Option<i32>,
    /// For the other side of a booking only.
    pub email: Option<String>,
    /// For the other side of a booking only.
    pub phone: Option<String>,
    /// For the other side of a booking only.
    pub street: Option<String>,
    /// Whether leads are answered without a person.
    pub auto_offer: bool,
    /// What they offer.
    pub services: Vec<ImportedService>,
    /// When they work, if that is known.
    pub availability: Option<ImportedAvailability>,
    /// What was said of them elsewhere.
    pub reviews: Vec<ImportedReview>,
}

/// A service that an imported provider offers.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedService {
    /// Slug of the catalog.
    pub service_id: String,
    /// In their own words.
    pub description: String,
    /// Where.
    pub places: Vec<ServicePlace>,
    /// Least price, in minor units.
    pub price_min_cents: Option<i64>,
    /// Most, in minor units.
    pub price_max_cents: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// How long it usually takes.
    pub duration_minutes: Option<i32>,
    /// Finer skills.
    pub specializations: Vec<String>,
    /// Whether the licence is in order.
    pub licence: Licence,
    /// Its number.
    pub licence_number: Option<String>,
    /// Its last day.
    pub licence_expires_on: Option<NaiveDate>,
}

/// When an imported provider works.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedAvailability {
    /// As in the column of this name.
    pub weekly: Value,
    /// As in the column of this name.
    pub exceptions: Value,
    /// How long before its start a slot may be taken at the latest.
    pub notice_minutes: i32,
    /// Most bookings a local day.
    pub max_per_day: Option<i32>,
    /// Between any two bookings.
    pub buffer_minutes: i32,
}

/// What was said of an imported provider elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedReview {
    /// A first name; empty if nobody said one.
    pub author: String,
    /// 1 to 5.
    pub rating: i32,
    /// In their words.
    pub text: String,
    /// What the provider said to it.
    pub response: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// As it goes to the database: with ids, and with the reputation that follows from the reviews, so that no row is written
/// twice.
#[derive(Serialize)]
struct Given<'a> {
    id: ProviderId,
    /// Whose it is.
    account: UserId,
    review_count: i32,
    rating: Option<f64>,
    rating_mean: Option<f64>,
    #[serde(flatten)]
    provider: &'a ImportedProvider,
    review_ids: Vec<ReviewId>,
}

impl<'a> Given<'a> {
    fn new(provider: &'a ImportedProvider) -> Self {
        let reputation = Reputation::of(provider.reviews.iter().map(|one| (one.rating, one.created_at)));
        Self {
            id: ProviderId::new(),
            account: UserId::new(),
            review_count: reputation.count,
            rating: reputation.shown(),
            rating_mean: reputation.recent,
            review_ids: provider.reviews.iter().map(|review| written_at(review.created_at)).collect(),
            provider,
        }
    }
}

/// The id of a review of that time: reviews are listed by id.
fn written_at(at: DateTime<Utc>) -> ReviewId {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    ReviewId(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos())))
}

statement! {
    /// All of it or nothing. Whose user or external id is there is left out with all that belongs to it.
    Insert { issuer: String => Text, given: String => Text } -> BigInt =
    "WITH given AS MATERIALIZED (
       SELECT g.*, ?::text AS issuer FROM json_to_recordset(?::json) AS g (
         id uuid, account uuid, external_id text, name text, headline text, bio text, city text, zone text,
         latitude float8, longitude float8, radius_km float8, languages text[], years_experience int, email text,
         phone text, street text, auto_offer boolean, review_count int, rating float8, rating_mean float8,
         services json, availability json, reviews json, review_ids uuid[])
     ), new_users AS (
       INSERT INTO users (id, issuer, subject, role, role_earned)
         SELECT g.account, g.issuer, g.external_id, 'provider', true FROM given g
         WHERE NOT EXISTS (SELECT FROM providers p WHERE p.external_id = g.external_id)
         ORDER BY g.external_id
       ON CONFLICT (issuer, subject) DO NOTHING RETURNING id
     ), new AS MATERIALIZED (
       SELECT g.* FROM given g JOIN new_users u ON u.id = g.account
     ), new_providers AS (
       INSERT INTO providers (id, user_id, external_id, name, headline, bio, city, zone, latitude, longitude, radius_km,
                              languages, years_experience, email, phone, street, auto_offer, review_count, rating,
                              rating_mean)
         SELECT id, account, external_id, name, headline, bio, city, zone, latitude, longitude, radius_km, languages,
           years_experience, email, phone, street, auto_offer, review_count, rating, rating_mean FROM new
     ), new_services AS (
       INSERT INTO provider_services (provider_id, service_id, description, places, price_min_cents, price_max_cents,
                                      currency, duration_minutes, specializations, licence, licence_number,
                                      licence_expires_on)
         SELECT n.id, s.* FROM new n CROSS JOIN LATERAL json_to_recordset(n.services) AS s (
           service_id text, description text, places service_place[], price_min_cents bigint, price_max_cents bigint,
           currency text, duration_minutes int, specializations text[], licence licence_status, licence_number text,
           licence_expires_on date)
     ), new_availability AS (
       INSERT INTO availability (provider_id, weekly, exceptions, notice_minutes, max_per_day, buffer_minutes)
         SELECT n.id, a.* FROM new n CROSS JOIN LATERAL json_to_record(n.availability) AS a (
           weekly jsonb, exceptions jsonb, notice_minutes int, max_per_day int, buffer_minutes int)
         WHERE json_typeof(n.availability) = 'object'
     ), new_reviews AS (
       INSERT INTO reviews (id, provider_id, author, rating, text, response, responded_at, created_at)
         SELECT n.review_ids[r.no], n.id, r.author, r.rating, r.text, r.response,
           CASE WHEN r.response IS NOT NULL THEN r.created_at END, r.created_at
         FROM new n CROSS JOIN LATERAL ROWS FROM (json_to_recordset(n.reviews) AS (
           author text, rating int, text text, response text, created_at timestamptz)) WITH ORDINALITY
           AS r (author, rating, text, response, created_at, no)
     )
     SELECT count(*) FROM new"
}

/// Inserts providers under users of this issuer who cannot sign in, in one statement; answers how many are new. Names
/// must differ. Two that insert the same at once do not meet in a deadlock: all go by the order of their names.
///
/// # Errors
/// When the database is away or refuses.
pub async fn insert(conn: &mut Conn, issuer: &str, providers: &[ImportedProvider]) -> Result<usize> {
    let given: Vec<Given<'_>> = providers.iter().map(Given::new).collect();
    let insert = Insert { issuer: issuer.to_owned(), given: serde_json::to_string(&given)? };
    let new: i64 = insert.get_result(conn).await?;
    Ok(new as usize)
}
