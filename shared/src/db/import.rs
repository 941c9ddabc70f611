//! Many new providers at once, each with a user of its own and with all that belongs to it.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::{NoContext, Timestamp, Uuid};

use super::Conn;
use super::providers::{NewAvailability, NewProvider, NewProviderService};
use super::statement::statement;
use crate::error::Result;
use crate::model::reviews::Reputation;
use crate::model::{ProviderId, ReviewId};

/// A provider to be inserted, with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its row, with an external id: what is there under this name stays as it is.
    pub provider: NewProvider,
    /// What it offers.
    pub services: Vec<NewProviderService>,
    /// When it works.
    pub hours: NewAvailability,
    /// What was said of it elsewhere.
    pub reviews: Vec<ImportedReview>,
}

/// What was said of a provider elsewhere.
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

impl Imported {
    /// A provider with the reputation that follows from its reviews, so that no row is written twice.
    #[must_use]
    pub fn new(
        provider: NewProvider,
        services: Vec<NewProviderService>,
        hours: NewAvailability,
        reviews: Vec<ImportedReview>,
    ) -> Self {
        let reputation = Reputation::of(reviews.iter().map(|one| (one.rating, one.created_at)));
        let provider = NewProvider {
            review_count: reputation.count,
            rating: reputation.shown(),
            rating_mean: reputation.recent,
            ..provider
        };
        Self { provider, services, hours, reviews }
    }
}

/// A review as it goes to the database.
#[derive(Serialize)]
struct GivenReview<'a> {
    id: ReviewId,
    provider_id: ProviderId,
    #[serde(flatten)]
    review: &'a ImportedReview,
}

impl<'a> GivenReview<'a> {
    fn new(provider_id: ProviderId, review: &'a ImportedReview) -> Self {
        Self { id: written_at(review.created_at), provider_id, review }
    }
}

/// The id of a review of that time: reviews are listed by id.
fn written_at(at: DateTime<Utc>) -> ReviewId {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    ReviewId(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos())))
}

statement! {
    /// Which of these names are taken: by a provider, or by a user of the issuer who may have left since.
    Known { names: Vec<String> => Array<Text>, issuer: String => Text } -> Text =
    "SELECT n.name FROM unnest(?::text[]) AS n (name)
     WHERE EXISTS (SELECT FROM providers p WHERE p.external_id = n.name)
       OR EXISTS (SELECT FROM users u WHERE u.issuer = ? AND u.subject = n.name)"
}

/// Those of these external ids that are taken, by a provider or by somebody of this issuer who has left since.
///
/// # Errors
/// When the database is away.
pub async fn known(conn: &mut Conn, issuer: &str, names: Vec<String>) -> Result<Vec<String>> {
    Ok(Known { names, issuer: issuer.to_owned() }.get_results(conn).await?)
}

statement! {
    /// All of it or nothing. Whose user or external id is there is left out with all that belongs to it.
    Insert {
        providers: String => Text,
        issuer: String => Text,
        services: String => Text,
        hours: String => Text,
        reviews: String => Text,
    } -> SqlUuid =
    "WITH given AS MATERIALIZED (
       SELECT g.* FROM json_to_recordset(?::json) AS g (
         id uuid, user_id uuid, external_id text, name text, headline text, bio text, city text, zone text,
         latitude float8, longitude float8, radius_km float8, languages text[], years_experience int, email text,
         phone text, street text, status provider_status, auto_offer boolean, rating float8, rating_mean float8,
         review_count int)
     ), new_users AS (
       INSERT INTO users (id, issuer, subject, role, role_earned)
         SELECT g.user_id, ?, g.external_id, 'provider', true FROM given g
         WHERE NOT EXISTS (SELECT FROM providers p WHERE p.external_id = g.external_id)
         ORDER BY g.external_id
       ON CONFLICT (issuer, subject) DO NOTHING RETURNING id
     ), new AS MATERIALIZED (
       SELECT g.* FROM given g JOIN new_users u ON u.id = g.user_id
     ), services AS MATERIALIZED (
       SELECT s.* FROM json_to_recordset(?::json) AS s (
         provider_id uuid, service_id text, description text, places service_place[], price_min_cents bigint,
         price_max_cents bigint, currency text, duration_minutes int, specializations text[], licence licence_status,
         licence_number text, licence_expires_on date)
       JOIN new n ON n.id = s.provider_id
     ), offered AS (
       SELECT provider_id, array_agg(hashtext(service_id) ORDER BY service_id) AS hashes FROM services GROUP BY provider_id
     ), new_providers AS (
       INSERT INTO providers (id, user_id, external_id, name, headline, bio, city, zone, latitude, longitude, radius_km,
                              languages, years_experience, email, phone, street, status, auto_offer, rating,
                              rating_mean, review_count, offered)
         SELECT n.*, coalesce(o.hashes, '{}') FROM new n LEFT JOIN offered o ON o.provider_id = n.id
     ), new_services AS (
       INSERT INTO provider_services (provider_id, service_id, description, places, price_min_cents, price_max_cents,
                                      currency, duration_minutes, specializations, licence, licence_number,
                                      licence_expires_on)
         SELECT * FROM services
     ), new_availability AS (
       INSERT INTO availability (provider_id, weekly, exceptions, notice_minutes, max_per_day, buffer_minutes)
         SELECT a.* FROM json_to_recordset(?::json) AS a (
           provider_id uuid, weekly jsonb, exceptions jsonb, notice_minutes int, max_per_day int, buffer_minutes int)
         JOIN new n ON n.id = a.provider_id
     ), new_reviews AS (
       INSERT INTO reviews (id, provider_id, author, rating, text, response, responded_at, created_at)
         SELECT r.id, r.provider_id, r.author, r.rating, r.text, r.response,
           CASE WHEN r.response IS NOT NULL THEN r.created_at END, r.created_at
         FROM json_to_recordset(?::json) AS r (
           id uuid, provider_id uuid, author text, rating int, text text, response text, created_at timestamptz)
         JOIN new n ON n.id = r.provider_id
     )
     SELECT id FROM new"
}

/// Inserts providers under users of this issuer who cannot sign in, in one statement; answers which are new. Their names
/// must differ. Two that insert the same at once do not meet in a deadlock: all go by the order of the names.
///
/// # Errors
/// When the database is away or refuses; then nothing is inserted.
pub async fn insert(conn: &mut Conn, issuer: &str, batch: &[Imported]) -> Result<Vec<ProviderId>> {
    let insert = Insert {
        providers: json(batch.iter().map(|one| &one.provider))?,
        issuer: issuer.to_owned(),
        services: json(batch.iter().flat_map(|one| &one.services))?,
        hours: json(batch.iter().map(|one| &one.hours))?,
        reviews: json(batch.iter().flat_map(given_reviews))?,
    };
    Ok(insert.get_results(conn).await?)
}

fn given_reviews(one: &Imported) -> impl Iterator<Item = GivenReview<'_>> {
    one.reviews.iter().map(|review| GivenReview::new(one.provider.id, review))
}

fn json(rows: impl Iterator<Item = impl Serialize>) -> Result<String> {
    Ok(serde_json::to_string(&rows.collect::<Vec<_>>())?)
}
