//! A market that is made up: providers of many cities as lines of an import, the same for the same seed.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use proxie_shared::model::catalog::{Catalog, Category, Service};
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, IteratorRandom};
use rand::{Rng, SeedableRng};
use serde_json::{Map, Value, json};

use crate::Result;

/// How many services each offers.
const SERVICES: usize = 3;
/// What was said of each.
const REVIEWS: usize = 5;
/// How far from the middle of their city they are, in degrees.
const SPREAD: f64 = 0.12;
/// Zones from the west to the east.
const ZONES: [&str; 4] = ["America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const NAMES: [&str; 16] = [
    "Maya", "Omar", "Lena", "Ravi", "Chloe", "Diego", "Aisha", "Tomasz", "Ines", "Kofi", "Yuki", "Noah",
    "Zara", "Piotr", "Lucia", "Sven",
];
const WORDS: [&str; 32] = [
    "careful",
    "quick",
    "friendly",
    "tidy",
    "patient",
    "experienced",
    "local",
    "family",
    "honest",
    "punctual",
    "small",
    "large",
    "old",
    "modern",
    "classic",
    "natural",
    "weekend",
    "evening",
    "urgent",
    "repair",
    "detail",
    "finish",
    "curly",
    "long",
    "short",
    "clean",
    "bright",
    "quiet",
    "insured",
    "trained",
    "loved",
    "recommended",
];

/// Cities far enough from each other that nobody travels from one to the next.
pub struct Cities(Vec<City>);

/// A city.
pub struct City {
    /// Its name, which no list of places knows.
    pub name: String,
    /// Its zone.
    pub zone: &'static str,
    /// Degrees north of its middle.
    pub latitude: f64,
    /// Degrees east of its middle.
    pub longitude: f64,
}

impl Cities {
    /// So many, in rows of twenty some 190 km apart.
    pub fn new(count: usize) -> Self {
        let city = |number: usize| {
            let (row, column) = (number / 20, number % 20);
            City {
                name: format!("Milltown {number}"),
                zone: ZONES[column / 5],
                latitude: 30.0 + row as f64 * 1.7,
                longitude: -122.0 + column as f64 * 2.3,
            }
        };
        Self((0..count).map(city).collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Any of them.
    pub fn pick(&self, rng: &mut StdRng) -> &City {
        &self.0[rng.random_range(0..self.0.len())]
    }
}

/// Somewhere in a city.
pub fn spot(city: &City, rng: &mut StdRng) -> Value {
    let mut near = |degrees: f64| ((degrees + rng.random_range(-SPREAD..SPREAD)) * 1e4).round() / 1e4;
    json!({"latitude": near(city.latitude), "longitude": near(city.longitude)})
}

/// Writes so many providers of these cities as a file to be imported.
pub fn write(path: &Path, count: usize, cities: &Cities, seed: u64) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..count {
        serde_json::to_writer(&mut file, &provider(number, cities, &mut rng))?;
        file.write_all(b"\n")?;
    }
    Ok(file.flush()?)
}

fn provider(number: usize, cities: &Cities, rng: &mut StdRng) -> Value {
    let city = cities.pick(rng);
    let categories = Catalog::built_in().categories();
    let services = match categories.choose(rng) {
        Some(category) => services(category, rng),
        None => Vec::new(),
    };
    let name = NAMES[rng.random_range(0..NAMES.len())];
    json!({
        "external_id": format!("bench-{number:07}"),
        "name": format!("{name} & co {number}"),
        "headline": words(5, rng),
        "bio": words(30, rng),
        "city": city.name,
        "zone": city.zone,
        "location": spot(city, rng),
        "radius_km": rng.random_range(1..=6) * 5,
        "languages": ["English"],
        "years_experience": rng.random_range(0..40),
        "email": format!("bench{number}@example.com"),
        "phone": "+1 555 0100",
        "services": services,
        "availability": availability(city, rng),
        "reviews": (0..REVIEWS).map(|_| review(rng)).collect::<Vec<_>>(),
    })
}

fn services(category: &Category, rng: &mut StdRng) -> Vec<Value> {
    category.services.iter().choose_multiple(rng, SERVICES).into_iter().map(|one| service(one, rng)).collect()
}

fn service(service: &Service, rng: &mut StdRng) -> Value {
    let least = rng.random_range(service.price.min_cents..=service.price.max_cents);
    let minutes = rng.random_range(service.duration_minutes.min..=service.duration_minutes.max) / 15 * 15;
    let mut finer: Vec<&String> = service.specializations.iter().choose_multiple(rng, 3);
    finer.sort();
    json!({
        "service_id": service.id,
        "description": words(8, rng),
        "places": service.places,
        "price_min_cents": least,
        "price_max_cents": least + least / 2,
        "currency": service.price.currency,
        "duration_minutes": minutes.max(15),
        "specializations": finer,
    })
}

fn availability(city: &City, rng: &mut StdRng) -> Value {
    let mut weekly = Map::new();
    for day in DAYS {
        let (start, end) = (rng.random_range(6..11), rng.random_range(15..21));
        let hours = match rng.random_range(0..7) {
            0 => json!([]),
            1 => {
                json!([{"start": format!("{start:02}:00"), "end": "12:30"}, {"start": "13:30", "end": format!("{end}:00")}])
            }
            _ => json!([{"start": format!("{start:02}:00"), "end": format!("{end}:00")}]),
        };
        weekly.insert(day.to_owned(), hours);
    }
    json!({
        "zone": city.zone,
        "weekly": weekly,
        "notice_minutes": rng.random_range(0..4) * 120,
        "max_per_day": rng.random_range(3..9),
        "buffer_minutes": rng.random_range(0..3) * 15,
    })
}

fn review(rng: &mut StdRng) -> Value {
    let (month, day) = (rng.random_range(1..=12), rng.random_range(1..=28));
    json!({
        "author": NAMES[rng.random_range(0..NAMES.len())],
        "rating": rng.random_range(2..=5),
        "text": words(12, rng),
        "created_at": format!("2025-{month:02}-{day:02}T12:00:00Z"),
    })
}

/// So many words, as a sentence.
pub fn words(count: usize, rng: &mut StdRng) -> String {
    let words: Vec<&str> = (0..count).map(|_| WORDS[rng.random_range(0..WORDS.len())]).collect();
    words.join(" ")
}
