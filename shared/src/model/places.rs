//! Known places: their zone and coordinates, as data in `shared/data/places.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    pub latitude: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    pub longitude: f64,
}

impl Location {
    /// As the public may know it: to 0.01°, which is about a kilometre.
    #[must_use]
    pub fn rounded(self) -> Self {
        let rounded = |degrees: f64| (degrees * 100.0).round() / 100.0;
        Self { latitude: rounded(self.latitude), longitude: rounded(self.longitude) }
    }
}

/// A city, borough or neighbourhood.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its time zone.
    pub zone: Tz,
    /// Its middle.
    #[serde(flatten)]
    pub location: Location,
}

static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "embedded data, read at start-up and tested")]
    serde_json::from_str(include_str!("../../data/places.json")).expect("places.json is valid")
});

static BY_NAME: LazyLock<HashMap<String, &'static Place>> = LazyLock::new(|| {
    PLACES
        .iter()
        .flat_map(|place| std::iter::once(&place.name).chain(&place.aliases).map(move |n| (plain(n), place)))
        .collect()
});

/// A known place by its name, whatever the case and spaces.
#[must_use]
pub fn place(name: &str) -> Option<&'static Place> {
    BY_NAME.get(&plain(name)).copied()
}

/// A city's name for comparing: lower case, single spaces.
#[must_use]
pub fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_whatever_the_case() {
        assert_eq!(place(" brooklyn ").map(|p| p.zone), Some(Tz::America__New_York));
        assert!(place("Nowhere-on-Sea").is_none());
        assert!(PLACES.len() > 100);
    }
}
