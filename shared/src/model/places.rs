//! Known places: their zone and coordinates, as data in `shared/data/places.json`.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
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

/// A known place by its name, whatever the case, accents and spaces.
#[must_use]
pub fn place(name: &str) -> Option<&'static Place> {
    BY_NAME.get(&plain(name)).copied()
}

/// A city's name for comparing: case, accents and spaces aside; as `plain_name` in the database has it.
#[must_use]
pub fn plain(name: &str) -> String {
    let folded = folded(name);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text without case and accents: letters lose their marks, and those that are none with a mark are written out.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let bare = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    for c in bare.flat_map(char::to_lowercase) {
        match c {
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            c => folded.push(c),
        }
    }
    folded
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

    #[test]
    fn names_are_compared_without_case_accents_and_spaces() {
        let pairs = [
            (" São\u{a0} Paulo", "sao paulo"),
            ("Montre\u{301}al", "MONTRÉAL"),
            ("Łódź", "lodz"),
            ("GROẞENHAIN", "Grossenhain"),
            ("Tromsø", "tromso"),
            ("İzmir", "izmir"),
        ];
        for (one, other) in pairs {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("New York"), plain("Newyork"));
    }
}
