use proxie_shared::db::providers::Settings;
use proxie_shared::domain::providers::Stats;
use proxie_shared::error::Problem;
use proxie_shared::model::calendar::Availability;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::memory::Pattern;
use proxie_shared::model::providers::{Provider, ProviderStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `PUT /providers/{provider_id}/settings`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderSettingsBody, example = json!(examples::settings()))]
pub struct SettingsBody {
    /// Whether leads are answered by the provider's agent, without a person.
    auto_offer: bool,
    /// The agent never offers for less, in minor units.
    #[schema(minimum = 0, maximum = 100_000_000)]
    min_price_cents: Option<i64>,
    /// How far they travel.
    #[schema(minimum = 0, maximum = 1_000)]
    radius_km: f64,
}

impl Input for SettingsBody {}

impl From<SettingsBody> for Settings {
    fn from(body: SettingsBody) -> Self {
        let SettingsBody { auto_offer, min_price_cents, radius_km } = body;
        Self { auto_offer, min_price_cents, radius_km }
    }
}

/// How a provider's agent works.
#[derive(Serialize, ToSchema)]
#[schema(as = ProviderSettingsView, example = json!(examples::settings()))]
pub struct SettingsView {
    /// Whether leads are answered by the provider's agent, without a person.
    auto_offer: bool,
    /// The agent never offers for less, in minor units.
    min_price_cents: Option<i64>,
    /// How far they travel.
    radius_km: f64,
}

impl From<&Provider> for SettingsView {
    fn from(provider: &Provider) -> Self {
        Self {
            auto_offer: provider.auto_offer,
            min_price_cents: provider.min_price_cents,
            radius_km: provider.radius_km,
        }
    }
}

impl From<Settings> for SettingsView {
    fn from(settings: Settings) -> Self {
        let Settings { auto_offer, min_price_cents, radius_km } = settings;
        Self { auto_offer, min_price_cents, radius_km }
    }
}

/// `PUT /providers/{provider_id}/availability`
pub type AvailabilityBody = Availability;

impl Input for Availability {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        Self::problems(self).into_iter().map(|(at, message)| Problem::new(at, message)).collect()
    }
}

/// Whether an owner takes work.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OwnProviderStatus)]
pub enum OwnStatus {
    /// Takes work.
    Active,
    /// Does not for a while.
    Paused,
}

/// `PUT /providers/{provider_id}/status`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OwnProviderStatusBody, example = json!({"status": "paused"}))]
pub struct StatusBody {
    status: OwnStatus,
}

impl Input for StatusBody {}

impl StatusBody {
    /// What the provider is to be.
    pub fn status(&self) -> ProviderStatus {
        match self.status {
            OwnStatus::Active => ProviderStatus::Active,
            OwnStatus::Paused => ProviderStatus::Paused,
        }
    }
}

/// How a provider fares, since the beginning.
#[derive(Serialize, ToSchema)]
#[schema(as = ProviderStatsView, example = json!(examples::stats()))]
pub struct StatsView {
    leads: LeadsView,
    offers: OfferCountsView,
    bookings: BookingCountsView,
    /// The share of leads that were answered within a day.
    response_rate: Option<f64>,
    /// The median time to that.
    response_minutes: Option<i32>,
    /// Mean rating 1 to 5; null below three reviews.
    rating: Option<f64>,
    review_count: i32,
    /// What completed bookings have earned, in each currency.
    revenue: Vec<RevenueView>,
    /// Offers and what was won, for each service that they offered.
    services: Vec<Pattern>,
}

/// Requests that were routed to a provider.
#[derive(Serialize, ToSchema)]
struct LeadsView {
    total: i64,
    viewed: i64,
    passed: i64,
}

/// Offers that a provider made.
#[derive(Serialize, ToSchema)]
struct OfferCountsView {
    total: i64,
    pending: i64,
    /// Accepted ones.
    wins: i64,
    /// Wins of all that are not pending any more; null without any.
    win_rate: Option<f64>,
}

/// Bookings of a provider.
#[derive(Serialize, ToSchema)]
struct BookingCountsView {
    upcoming: i64,
    completed: i64,
    cancelled: i64,
    /// Called off by the provider in the last day before.
    late_cancellations: i32,
    no_shows: i64,
}

/// What was earned in one currency.
#[derive(Serialize, ToSchema)]
struct RevenueView {
    /// ISO 4217.
    currency: String,
    /// In minor units.
    cents: i64,
}

impl From<Stats> for StatsView {
    fn from(stats: Stats) -> Self {
        let Stats { provider, counts, revenue, services } = stats;
        let decided = counts.offers - counts.offers_pending;
        Self {
            leads: LeadsView {
                total: counts.leads,
                viewed: counts.leads_viewed,
                passed: counts.leads_passed,
            },
            offers: OfferCountsView {
                total: counts.offers,
                pending: counts.offers_pending,
                wins: counts.wins,
                win_rate: (decided > 0).then(|| counts.wins as f64 / decided as f64),
            },
            bookings: BookingCountsView {
                upcoming: counts.upcoming,
                completed: counts.completed,
                cancelled: counts.cancelled,
                late_cancellations: provider.late_cancellations,
                no_shows: counts.no_shows,
            },
            response_rate: provider.response_rate,
            response_minutes: provider.response_minutes,
            rating: provider.rating,
            review_count: provider.review_count,
            revenue: revenue.into_iter().map(|(currency, cents)| RevenueView { currency, cents }).collect(),
            services,
        }
    }
}
