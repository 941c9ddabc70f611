//! The catalog: categories and their services, as data in `shared/data/catalog.json`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

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

/// Where a service is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServicePlace {
    /// At the provider's.
    Provider,
    /// At the consumer's.
    Consumer,
    /// Nowhere.
    Remote,
}

/// Typical price, in minor units.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PriceRange {
    /// Least.
    pub min_cents: i64,
    /// Most.
    pub max_cents: i64,
    /// ISO 4217.
    pub currency: String,
}

/// Typical duration, in minutes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DurationRange {
    /// Least.
    pub min: u32,
    /// Most.
    pub max: u32,
}

static CATALOG: LazyLock<Vec<Category>> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "embedded data, read at start-up and tested")]
    serde_json::from_str(include_str!("../../data/catalog.json")).expect("catalog.json is valid")
});

/// All categories.
#[must_use]
pub fn categories() -> &'static [Category] {
    &CATALOG
}

/// All services, with their category.
pub fn services() -> impl Iterator<Item = (&'static Category, &'static Service)> {
    CATALOG.iter().flat_map(|category| category.services.iter().map(move |s| (category, s)))
}

/// A service by its slug, with its category.
#[must_use]
pub fn service(id: &str) -> Option<(&'static Category, &'static Service)> {
    services().find(|(_, service)| service.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalog_holds_what_the_contract_asks_for() {
        let ids: HashSet<_> = categories().iter().map(|c| c.id.as_str()).collect();
        for wanted in ["hair_beauty", "home_cleaning", "plumbing", "electrical", "photography"] {
            assert!(ids.contains(wanted), "{wanted} is missing");
        }
        let services: Vec<_> = services().collect();
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
