//! Providers: who does the work.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::catalog::ServicePlace;
use super::places::Location;
use super::reviews::SHOWN_FROM;
use super::sql_enum::sql_enum;
use super::states::State;
use super::{MediaId, PortfolioItemId, ProviderId, TemplateId, UserId};
use crate::db::schema::{portfolio_items, provider_services, provider_templates, providers, sql_types};

sql_enum! {
    /// Whether a provider takes work.
    ProviderStatus as sql_types::ProviderStatus {
        /// Takes work.
        Active,
        /// Paused by themselves.
        Paused,
        /// Stopped by an admin.
        Suspended,
    }
}

impl State for ProviderStatus {
    const MOVES: &'static [(Self, Self)] = &[
        (Self::Active, Self::Paused),
        (Self::Paused, Self::Active),
        (Self::Active, Self::Suspended),
        (Self::Paused, Self::Suspended),
        (Self::Suspended, Self::Active),
    ];
}

sql_enum! {
    /// Whether a service that needs a licence has one.
    Licence as sql_types::LicenceStatus {
        /// Needs none.
        NotNeeded,
        /// Waits for an admin.
        PendingVerification,
        /// In order, until it expires.
        Verified,
        /// Refused.
        Rejected,
    }
}

/// A row of `providers`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = providers, check_for_backend(diesel::pg::Pg))]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Whose it is.
    pub user_id: UserId,
    /// The business's name.
    pub name: String,
    /// A line.
    pub headline: String,
    /// In their own words.
    pub bio: String,
    /// Where they work from.
    pub city: String,
    /// IANA zone of it, and of their calendar.
    pub zone: String,
    /// Degrees north, exactly; rounded for others.
    pub latitude: Option<f64>,
    /// Degrees east, exactly; rounded for others.
    pub longitude: Option<f64>,
    /// How far they travel, in kilometres.
    pub radius_km: f64,
    /// Languages they speak.
    pub languages: Vec<String>,
    /// For how long they have done this.
    pub years_experience: Option<i32>,
    /// Their picture.
    pub photo_id: Option<MediaId>,
    /// For the other side of a booking only.
    pub email: Option<String>,
    /// For the other side of a booking only.
    pub phone: Option<String>,
    /// For the other side of a booking only.
    pub street: Option<String>,
    /// Whether leads are answered without a person.
    pub auto_offer: bool,
    /// Never for less, in minor units.
    pub min_price_cents: Option<i64>,
    /// Whether they take work.
    pub status: ProviderStatus,
    /// Mean rating 1 to 5; null below three reviews.
    pub rating: Option<f64>,
    /// The same, younger reviews counting more, also of one or two; never shown.
    pub rating_mean: Option<f64>,
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
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
    /// When they last changed.
    pub updated_at: DateTime<Utc>,
}

/// A row of `provider_services`: what a provider offers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = provider_services, check_for_backend(diesel::pg::Pg))]
pub struct ProviderService {
    /// Who.
    pub provider_id: ProviderId,
    /// What, by its slug in the catalog.
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
    /// How long it usually takes; as the catalog says if absent.
    pub duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    pub specializations: Vec<String>,
    /// Whether the licence is in order.
    pub licence: Licence,
    /// Its number.
    pub licence_number: Option<String>,
    /// Its last day.
    pub licence_expires_on: Option<NaiveDate>,
    /// What an admin says of it.
    pub licence_note: Option<String>,
}

impl ProviderService {
    /// Whether it may be booked on a day: no licence is needed, or one is in order.
    #[must_use]
    pub fn is_bookable(&self, day: NaiveDate) -> bool {
        match self.licence {
            Licence::NotNeeded => true,
            Licence::Verified => self.licence_expires_on.is_none_or(|last| day <= last),
            Licence::PendingVerification | Licence::Rejected => false,
        }
    }
}

/// A row of `portfolio_items`.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = portfolio_items, check_for_backend(diesel::pg::Pg))]
pub struct PortfolioItem {
    /// Its id.
    pub id: PortfolioItemId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// What it shows.
    pub service_id: Option<String>,
    /// The picture or film.
    pub media_id: MediaId,
    /// A few words.
    pub title: String,
    /// More of them.
    pub description: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// A row of `provider_templates`: how a provider words offers.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = provider_templates, check_for_backend(diesel::pg::Pg))]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Whose it is.
    pub provider_id: ProviderId,
    /// For which service; for all if absent.
    pub service_id: Option<String>,
    /// What they call it.
    pub name: String,
    /// The text, with `{first_name}`, `{service}`, `{price}` and `{slot}` where these belong.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

/// A provider as a search or a matching finds them, for one service.
#[derive(Clone, Debug, PartialEq, Queryable, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Candidate {
    /// Who.
    pub provider_id: ProviderId,
    /// Their business's name.
    pub name: String,
    /// Where they work from.
    pub city: String,
    /// Mean rating 1 to 5; null below three reviews.
    pub rating: Option<f64>,
    /// How many reviews that is of.
    pub review_count: i32,
    /// Their least price for the service, in minor units.
    pub price_from_cents: Option<i64>,
    /// ISO 4217.
    pub currency: String,
    /// Kilometres between the request and about where the provider is, where both have coordinates.
    pub distance_km: Option<f64>,
    /// Their finer skills for this service.
    pub specializations: Vec<String>,
}

/// A provider as everybody sees it in lists and beside offers; the rest is in its profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Who.
    pub id: ProviderId,
    /// The business's name.
    pub name: String,
    /// A line.
    pub headline: String,
    /// Where they work from.
    pub city: String,
    /// IANA zone of it.
    pub zone: String,
    /// Where about: rounded.
    pub location: Option<Location>,
    /// Whether they take work.
    pub status: ProviderStatus,
    /// Mean rating 1 to 5; null below three reviews.
    pub rating: Option<f64>,
    /// How many reviews there are.
    pub review_count: i32,
    /// Jobs done through here.
    pub completed_jobs: i32,
    /// The share of leads that were answered within a day.
    pub response_rate: Option<f64>,
    /// The median time to that, in minutes.
    pub response_minutes: Option<i32>,
    /// What can be booked, by slugs.
    pub services: Vec<String>,
    /// The least price of these, in minor units.
    pub price_from_cents: Option<i64>,
    /// ISO 4217, of that price.
    pub currency: Option<String>,
    /// Whether an admin has seen a licence of theirs that is in order.
    pub verified: bool,
    /// Since when they are here.
    pub created_at: DateTime<Utc>,
}

impl Card {
    /// The card of a provider with these services.
    #[must_use]
    pub fn of(provider: &Provider, services: &[ProviderService], today: NaiveDate) -> Self {
        let bookable = || services.iter().filter(|service| service.is_bookable(today));
        let cheapest = bookable()
            .filter(|service| service.price_min_cents.is_some())
            .min_by_key(|service| (service.price_min_cents, &service.service_id));
        let exact = provider.latitude.zip(provider.longitude);
        Self {
            id: provider.id,
            name: provider.name.clone(),
            headline: provider.headline.clone(),
            city: provider.city.clone(),
            zone: provider.zone.clone(),
            location: exact.map(|(latitude, longitude)| Location { latitude, longitude }.rounded()),
            status: provider.status,
            rating: provider.rating.filter(|_| provider.review_count >= SHOWN_FROM),
            review_count: provider.review_count,
            completed_jobs: provider.completed_jobs,
            response_rate: provider.response_rate,
            response_minutes: provider.response_minutes,
            services: bookable().map(|service| service.service_id.clone()).collect(),
            price_from_cents: cheapest.and_then(|service| service.price_min_cents),
            currency: cheapest.map(|service| service.currency.clone()),
            verified: bookable().any(|service| service.licence == Licence::Verified),
            created_at: provider.created_at,
        }
    }
}
