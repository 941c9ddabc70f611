//! The catalog: categories and their services, as data in `shared/data/catalog.json`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sql_enum::sql_enum;
use crate::db::schema::sql_types;

/// A kind of work.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Category {
    /// Slug.
    pub id: String,
    /// For people.
    pub name: String,
    /// A sentence.
    pub description: String,
    /// What is offered in it.
    pub services: Vec<Service>,
}

/// A service that can be asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Service {
    /// Slug, unique over all categories.
    pub id: String,
    /// For people.
    pub name: String,
    /// A sentence.
    pub description: String,
    /// Whether a licence is needed to offer it.
    pub licensed: bool,
    /// Where it can be done.
    pub places: Vec<ServicePlace>,
    /// Portfolio photos that a provider must show.
    pub min_photos: u32,
    /// Typical price.
    pub price: PriceRange,
    /// Typical duration.
    pub duration_minutes: DurationRange,
    /// Phrases that people use for finer skills.
    pub specializations: Vec<String>,
}

sql_enum! {
    /// Where a service is done.
    ServicePlace as sql_types::ServicePlace {
        /// At the provider's.
        Provider,
        /// At the consumer's.
        Consumer,
        /// Nowhere.
        Remote,
    }
}

/// Typical price, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceRange {
    /// Least.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub min_cents: i64,
    /// Most.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub max_cents: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}

/// Typical duration, in minutes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DurationRange {
    /// Least.
    #[schema(minimum = 5, maximum = 1440)]
    pub min: u32,
    /// Most.
    #[schema(minimum = 5, maximum = 1440)]
    pub max: u32,
}

impl DurationRange {
    /// What is reckoned with where nobody says it better, in minutes: the middle, as whole quarters of an hour.
    #[must_use]
    pub fn usual(&self) -> i32 {
        let quarters = u32::midpoint(self.min, self.max).div_ceil(15);
        i32::try_from(quarters * 15).unwrap_or(i32::MAX)
    }
}

/// All that can be asked for.
#[derive(Clone, Debug)]
pub struct Catalog {
    categories: Vec<Category>,
}

static BUILT_IN: LazyLock<Catalog> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "embedded data, read at start-up and tested")]
    let categories =
        serde_json::from_str(include_str!("../../data/catalog.json")).expect("catalog.json is valid");
    Catalog { categories }
});

impl Catalog {
    /// A catalog of these categories.
    #[must_use]
    pub fn new(categories: Vec<Category>) -> Self {
        Self { categories }
    }

    /// What is loaded into an empty database.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// All categories.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// A category by its slug.
    #[must_use]
    pub fn category(&self, id: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// All services, with their category.
    pub fn services(&self) -> impl Iterator<Item = (&Category, &Service)> {
        self.categories.iter().flat_map(|category| category.services.iter().map(move |s| (category, s)))
    }

    /// A service by its slug, with its category.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<(&Category, &Service)> {
        self.services().find(|(_, service)| service.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalog_holds_what_the_contract_asks_for() {
        let ids: HashSet<_> = Catalog::built_in().categories().iter().map(|c| c.id.as_str()).collect();
        for wanted in ["hair_beauty", "home_cleaning", "plumbing", "electrical", "photography"] {
            assert!(ids.contains(wanted), "{wanted} is missing");
        }
        let services: Vec<_> = Catalog::built_in().services().collect();
        assert!(services.len() >= 25);
        let unique: HashSet<_> = services.iter().map(|(_, s)| &s.id).collect();
        assert_eq!(unique.len(), services.len(), "slugs are unique");
        for (_, service) in services {
            assert!(!service.places.is_empty(), "{}", service.id);
            assert!(service.price.min_cents <= service.price.max_cents, "{}", service.id);
            assert!(service.duration_minutes.min <= service.duration_minutes.max, "{}", service.id);
        }
    }
}
