//! Tools for becoming a provider.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::WeeklyArgs;
use crate::model::catalog::ServicePlace;

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

impl UpdateEnrollment {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        let Self {
            business_name,
            headline,
            bio,
            city,
            zone,
            radius_km,
            languages,
            years_experience,
            phone,
            email,
            street,
            services,
            remove_services,
            weekly,
        } = self;
        let texts = [business_name, headline, bio, city, zone, phone, email, street];
        texts.iter().all(|text| text.is_none())
            && languages.is_none()
            && radius_km.is_none()
            && years_experience.is_none()
            && services.is_none()
            && remove_services.is_none()
            && weekly.is_none()
    }
}

/// A service of the enrollment: its slug, and what is new of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceArgs {
    /// Slug of the service.
    pub service_id: String,
    /// Where they do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub places: Option<Vec<ServicePlace>>,
    /// The least it costs, in cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_min_cents: Option<i64>,
    /// The most it costs, in cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_max_cents: Option<i64>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// In minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub specializations: Option<Vec<String>>,
    /// What it includes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Number of the licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence_number: Option<String>,
    /// Last day of the licence, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub licence_expires_on: Option<NaiveDate>,
}
