//! Providers: who does the work.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::ProviderId;
use super::sql_enum::sql_enum;
use crate::db::schema::sql_types;

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
    /// Kilometres between the request and the provider, where both have coordinates.
    pub distance_km: Option<f64>,
    /// Their finer skills for this service.
    pub specializations: Vec<String>,
}
