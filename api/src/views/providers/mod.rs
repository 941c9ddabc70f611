//! Providers: the card, which lists show and everybody may see, and the profile, which is the card and all the rest.

mod business;
mod examples;
mod import;
mod portfolio;
mod post;
mod search;
mod services;
mod settings;
mod templates;

pub use business::{PatchBody, PutBody};
use chrono::{DateTime, Utc};
pub use import::ImportBody;
pub use portfolio::{ItemPatchBody, ItemPath, ItemPostBody, ItemView, PortfolioQuery, PortfolioView};
pub use post::PostBody;
use proxie_shared::model::ProviderId;
use proxie_shared::model::places::Location;
use proxie_shared::model::providers::{Card, Provider, ProviderStatus};
pub use search::{SearchQuery, SearchView};
use serde::{Deserialize, Deserializer, Serialize};
pub use services::{
    ServicePatchBody, ServicePath, ServicePostBody, ServiceView, ServicesQuery, ServicesView,
};
pub use settings::{AvailabilityBody, SettingsBody, SettingsView, StatsView, StatusBody};
pub use templates::{
    TemplatePatchBody, TemplatePath, TemplatePostBody, TemplateView, TemplatesQuery, TemplatesView,
};
use utoipa::ToSchema;

use crate::http::Input;

/// `/providers/{provider_id}…`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderPath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(super::examples::PROVIDER))]
    pub provider_id: ProviderId,
}

impl Input for ProviderPath {}

/// For a field that may be left out or be null: null is something that is said.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A provider's card: what lists show, and the head of its profile.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::card()))]
pub struct ProviderView<'a> {
    id: ProviderId,
    name: &'a str,
    /// A line.
    headline: &'a str,
    city: &'a str,
    /// IANA zone of the city.
    zone: &'a str,
    /// Where about, to 0.01°.
    location: Option<Location>,
    status: ProviderStatus,
    /// Mean rating 1 to 5; null below three reviews.
    rating: Option<f64>,
    review_count: i32,
    /// Jobs done through here.
    completed_jobs: i32,
    /// The share of leads that were answered within a day.
    response_rate: Option<f64>,
    /// The median time to that.
    response_minutes: Option<i32>,
    /// What can be booked, by slugs.
    services: &'a [String],
    /// The least price of these, in minor units.
    price_from_cents: Option<i64>,
    /// ISO 4217, of that price.
    currency: Option<&'a str>,
    /// Whether a licence was seen and is in order.
    verified: bool,
    created_at: DateTime<Utc>,
}

impl<'a> ProviderView<'a> {
    /// The view of a card.
    pub fn new(card: &'a Card) -> Self {
        Self {
            id: card.id,
            name: &card.name,
            headline: &card.headline,
            city: &card.city,
            zone: &card.zone,
            location: card.location,
            status: card.status,
            rating: card.rating,
            review_count: card.review_count,
            completed_jobs: card.completed_jobs,
            response_rate: card.response_rate,
            response_minutes: card.response_minutes,
            services: &card.services,
            price_from_cents: card.price_from_cents,
            currency: card.currency.as_deref(),
            verified: card.verified,
            created_at: card.created_at,
        }
    }
}

/// A provider's profile: its card, what it says of itself at length and, for itself, how it can be reached.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::profile()))]
pub struct ProfileView<'a> {
    #[serde(flatten)]
    card: ProviderView<'a>,
    /// In their own words.
    bio: &'a str,
    languages: &'a [String],
    /// For how long they have done this.
    years_experience: Option<i32>,
    /// How far they travel.
    radius_km: f64,
    /// Bookings that they called off in the last day.
    late_cancellations: i32,
    /// For the owner only; the other side of a booking finds it there.
    contact: Option<ContactView<'a>>,
}

/// How a provider can be reached.
#[derive(Serialize, ToSchema)]
struct ContactView<'a> {
    email: Option<&'a str>,
    phone: Option<&'a str>,
    street: Option<&'a str>,
    /// Where exactly.
    location: Option<Location>,
}

impl<'a> ProfileView<'a> {
    /// The profile, with how they can be reached or without.
    pub fn new(card: &'a Card, provider: &'a Provider, with_contact: bool) -> Self {
        let exact = provider.latitude.zip(provider.longitude);
        let contact = ContactView {
            email: provider.email.as_deref(),
            phone: provider.phone.as_deref(),
            street: provider.street.as_deref(),
            location: exact.map(|(latitude, longitude)| Location { latitude, longitude }),
        };
        Self {
            card: ProviderView::new(card),
            bio: &provider.bio,
            languages: &provider.languages,
            years_experience: provider.years_experience,
            radius_km: provider.radius_km,
            late_cancellations: provider.late_cancellations,
            contact: with_contact.then_some(contact),
        }
    }
}
