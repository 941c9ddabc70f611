//! A new provider: the rows that it is made of.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::{Value, json};

use crate::db::Conn;
use crate::db::schema::{availability, provider_services, providers};
use crate::error::Result;
use crate::model::calendar::{Availability, NOTICE};
use crate::model::catalog::ServicePlace;
use crate::model::providers::{Licence, ProviderStatus};
use crate::model::{ProviderId, UserId};

/// A provider to be inserted.
#[derive(Clone, Debug, Insertable, Serialize)]
#[diesel(table_name = providers)]
pub struct NewProvider {
    /// Its id.
    pub id: ProviderId,
    /// Whose it is.
    pub user_id: UserId,
    /// The importer's own name of it: imported once.
    pub external_id: Option<String>,
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
    /// Whether they take work.
    pub status: ProviderStatus,
    /// Whether leads are answered without a person.
    pub auto_offer: bool,
    /// Mean rating, as it is shown.
    pub rating: Option<f64>,
    /// Of however few reviews, the younger ones counting more.
    pub rating_mean: Option<f64>,
    /// How many reviews these are of.
    pub review_count: i32,
}

impl NewProvider {
    /// A provider that takes work from now on, with the least that one has.
    #[must_use]
    pub fn new(user: UserId, name: &str, city: &str, zone: &str) -> Self {
        Self {
            id: ProviderId::new(),
            user_id: user,
            external_id: None,
            name: name.to_owned(),
            headline: String::new(),
            bio: String::new(),
            city: city.to_owned(),
            zone: zone.to_owned(),
            latitude: None,
            longitude: None,
            radius_km: 25.0,
            languages: Vec::new(),
            years_experience: None,
            email: None,
            phone: None,
            street: None,
            status: ProviderStatus::Active,
            auto_offer: false,
            rating: None,
            rating_mean: None,
            review_count: 0,
        }
    }
}

/// A service that a provider offers, to be inserted.
#[derive(Clone, Debug, Insertable, Serialize)]
#[diesel(table_name = provider_services)]
pub struct NewProviderService {
    /// Who.
    pub provider_id: ProviderId,
    /// What.
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

/// When a provider works, to be inserted or in place of what was.
#[derive(Clone, Debug, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = availability, primary_key(provider_id), treat_none_as_null = true)]
pub struct NewAvailability {
    /// Who.
    pub provider_id: ProviderId,
    /// The hours of each weekday, as JSON.
    pub weekly: Value,
    /// The hours of dates that are not as their weekday, as JSON.
    pub exceptions: Value,
    /// How long before a slot it can be booked at the latest.
    pub notice_minutes: i32,
    /// The most bookings on a local day.
    pub max_per_day: Option<i32>,
    /// Between any two bookings.
    pub buffer_minutes: i32,
}

impl NewAvailability {
    /// As a calendar says; its zone is the provider's.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn of(provider: ProviderId, calendar: &Availability) -> Result<Self> {
        Ok(Self {
            provider_id: provider,
            weekly: serde_json::to_value(&calendar.weekly)?,
            exceptions: serde_json::to_value(&calendar.exceptions)?,
            notice_minutes: calendar.notice_minutes,
            max_per_day: calendar.max_per_day,
            buffer_minutes: calendar.buffer_minutes,
        })
    }

    /// Monday to Friday from nine to five, with two hours' notice: until the provider says more.
    #[must_use]
    pub fn usual(provider: ProviderId) -> Self {
        let day = json!([{"start": "09:00", "end": "17:00"}]);
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
        Self {
            provider_id: provider,
            weekly: days.iter().map(|name| ((*name).to_owned(), day.clone())).collect(),
            exceptions: json!([]),
            notice_minutes: NOTICE,
            max_per_day: None,
            buffer_minutes: 0,
        }
    }
}

/// Inserts a provider of a user that is there, with its services and hours, unless the user has one or its external id is
/// taken; answers whether it did. Many at once, each with a user of its own, are [imported](crate::db::import).
///
/// # Errors
/// When the database is away or refuses.
pub async fn insert(
    conn: &mut Conn,
    provider: &NewProvider,
    services: &[NewProviderService],
    hours: &NewAvailability,
) -> Result<bool> {
    let made =
        diesel::insert_into(providers::table).values(provider).on_conflict_do_nothing().execute(conn).await?;
    if made == 0 {
        return Ok(false);
    }
    diesel::insert_into(provider_services::table).values(services).execute(conn).await?;
    diesel::insert_into(availability::table).values(hours).execute(conn).await?;
    Ok(true)
}
