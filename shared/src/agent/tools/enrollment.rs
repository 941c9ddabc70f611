//! Tools for becoming a provider.

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::WeeklyArgs;

/// Which part of the catalog.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetServiceCatalog {
    /// Slug of a category; all if absent.
    pub category_id: Option<String>,
}

/// Facts for the enrollment: only what is new or changed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateEnrollment {
    /// What customers call the business or the person.
    pub business_name: Option<String>,
    /// One line about it.
    pub headline: Option<String>,
    /// A few sentences about it.
    pub bio: Option<String>,
    /// The city or borough, as it was said.
    pub city: Option<String>,
    /// IANA time zone of the city, if you know it.
    pub zone: Option<String>,
    /// How far they travel, in kilometres.
    pub radius_km: Option<f64>,
    /// What they speak.
    pub languages: Option<Vec<String>>,
    /// For how long they have done it.
    pub years_experience: Option<i32>,
    /// For customers who have booked.
    pub phone: Option<String>,
    /// For customers who have booked.
    pub email: Option<String>,
    /// Where customers come to.
    pub street: Option<String>,
    /// Services that are new or change, each with what is new of it.
    #[schema(inline)]
    pub services: Option<Vec<ServiceArgs>>,
    /// Slugs of services that they do not do.
    pub remove_services: Option<Vec<String>>,
    /// The usual hours of the days that are said.
    #[schema(inline)]
    pub weekly: Option<WeeklyArgs>,
}

/// A service of the enrollment.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceArgs {
    /// Slug of the service.
    pub service_id: String,
    /// All other fields as in `PATCH /enrollment/{id}`: places, price_min_cents, price_max_cents, currency,
    /// duration_minutes, specializations, description, licence_number, licence_expires_on.
    #[serde(default)]
    pub places: Option<Vec<String>>,
    /// The least it costs, in cents.
    #[serde(default)]
    pub price_min_cents: Option<i64>,
    /// The most it costs, in cents.
    #[serde(default)]
    pub price_max_cents: Option<i64>,
    /// ISO 4217.
    #[serde(default)]
    pub currency: Option<String>,
    /// In minutes.
    #[serde(default)]
    pub duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    #[serde(default)]
    pub specializations: Option<Vec<String>>,
    /// What it includes.
    #[serde(default)]
    pub description: Option<String>,
    /// Number of the licence.
    #[serde(default)]
    pub licence_number: Option<String>,
    /// `YYYY-MM-DD`.
    #[serde(default)]
    pub licence_expires_on: Option<String>,
}

impl ServiceArgs {
    /// What was said of it, by the names of `PATCH /enrollment/{id}`.
    #[must_use]
    pub fn said(&self) -> Vec<(&'static str, Value)> {
        let all = [
            ("places", serde_json::json!(self.places)),
            ("price_min_cents", serde_json::json!(self.price_min_cents)),
            ("price_max_cents", serde_json::json!(self.price_max_cents)),
            ("currency", serde_json::json!(self.currency)),
            ("duration_minutes", serde_json::json!(self.duration_minutes)),
            ("specializations", serde_json::json!(self.specializations)),
            ("description", serde_json::json!(self.description)),
            ("licence_number", serde_json::json!(self.licence_number)),
            ("licence_expires_on", serde_json::json!(self.licence_expires_on)),
        ];
        all.into_iter().filter(|(_, value)| !value.is_null()).collect()
    }
}

/// Nothing is asked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetEnrollmentSummary {}

/// Nothing is asked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPortfolio {}

/// Nothing is asked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitEnrollment {}
