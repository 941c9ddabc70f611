//! What a business says of itself, and what of it cannot be.

use chrono::{Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::model::calendar::Availability;
use crate::model::catalog::{Catalog, ServicePlace};
use crate::model::places::{Location, place};

/// How far a provider travels who does not say, in kilometres.
const USUAL_RADIUS_KM: f64 = 25.0;
/// The most services that one provider offers.
pub(super) const MOST_SERVICES: usize = 100;
/// The longest phrase of a finer skill, in characters.
const PHRASE_MAX: usize = 200;
/// The longest name of a language, in characters.
const LANGUAGE_MAX: usize = 50;

/// A business: all that a provider says of it, but for services and hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Curls & Co", "headline": "Curly hair is all we do", "bio": "Fifteen years of curls.", "city": "Brooklyn",
    "radius_km": 10, "languages": ["English", "Spanish"], "years_experience": 15, "email": "curls@example.com",
    "phone": "+1 718 555 0100", "street": "12 Bergen Street"
}))]
pub struct Business {
    /// The business's name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// A line.
    #[schema(max_length = 200)]
    pub headline: Option<String>,
    /// In their own words.
    #[schema(max_length = 5_000)]
    pub bio: Option<String>,
    /// Where they work from.
    #[schema(min_length = 1, max_length = 200)]
    pub city: String,
    /// IANA zone of it and of their calendar; that of the known city if absent.
    #[schema(min_length = 1, max_length = 100)]
    pub zone: Option<String>,
    /// Where exactly, shown to others rounded; the middle of the known city if absent.
    pub location: Option<Location>,
    /// How far they travel, in kilometres; 25 if absent.
    #[schema(minimum = 0, maximum = 1_000)]
    pub radius_km: Option<f64>,
    /// Languages they speak.
    #[schema(max_items = 20)]
    pub languages: Option<Vec<String>>,
    /// For how long they have done this.
    #[schema(minimum = 0, maximum = 80)]
    pub years_experience: Option<i32>,
    /// For the other side of a booking only.
    #[schema(format = Email, min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// For the other side of a booking only.
    #[schema(min_length = 3, max_length = 40)]
    pub phone: Option<String>,
    /// For the other side of a booking only.
    #[schema(min_length = 1, max_length = 300)]
    pub street: Option<String>,
}

/// A service as a provider offers it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "service_id": "haircut", "description": "Dry cuts, curl by curl.", "places": ["provider"], "price_min_cents": 5_500,
    "price_max_cents": 9_000, "currency": "USD", "duration_minutes": 60, "specializations": ["3B curls"]
}))]
pub struct Offered {
    /// Slug of the service in the catalog.
    #[schema(min_length = 1, max_length = 100)]
    pub service_id: String,
    /// In their own words.
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
    /// Where they do it: some of the places where the catalog has it done.
    #[schema(min_items = 1, max_items = 3)]
    pub places: Vec<ServicePlace>,
    /// Least price, in minor units.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub price_min_cents: Option<i64>,
    /// Most, in minor units.
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub price_max_cents: Option<i64>,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
    /// How long it usually takes; as the catalog says if absent.
    #[schema(minimum = 5, maximum = 1_440)]
    pub duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub specializations: Vec<String>,
    /// Number of the licence, for a service that needs one: an admin looks at it.
    #[schema(min_length = 1, max_length = 100)]
    pub licence_number: Option<String>,
    /// Last day of the licence.
    pub licence_expires_on: Option<NaiveDate>,
}

/// A business as it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBusiness {
    /// What is said of it.
    pub about: Business,
    /// What it offers.
    pub services: Vec<Offered>,
    /// When it works; Monday to Friday from nine to five if absent.
    pub availability: Option<Availability>,
}

impl NewBusiness {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let mut problems = self.about.problems();
        if let Some(calendar) = &self.availability {
            let below = |(at, message)| Problem::new(format!("/availability{at}"), message);
            problems.extend(calendar.problems().into_iter().map(below));
            if self.about.zone().is_some_and(|zone| zone != calendar.zone) {
                let message = "The calendar is in the zone of the business: say one zone, or the same twice.";
                problems.push(Problem::new("/availability/zone", message));
            }
        }
        if self.services.len() > MOST_SERVICES {
            problems.push(Problem::new("/services", "A provider offers at most 100 services."));
        }
        for (at, service) in self.services.iter().enumerate() {
            let below = |p: Problem| Problem { pointer: format!("/services/{at}{}", p.pointer), ..p };
            problems.extend(service.problems(catalog).into_iter().map(below));
            if self.services[..at].iter().any(|before| before.service_id == service.service_id) {
                let pointer = format!("/services/{at}/service_id");
                problems.push(Problem::new(pointer, "Name each service once."));
            }
        }
        problems
    }
}

impl Business {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push(Problem::new("/name", "Say the name of the business."));
        }
        if self.city().is_empty() {
            problems.push(Problem::new("/city", "Name a city."));
        }
        if self.zone().is_none() && (self.zone.is_some() || !self.city().is_empty()) {
            let message = "Name the city's IANA time zone, such as America/New_York.";
            problems.push(Problem::new("/zone", message));
        }
        for (at, language) in self.languages.iter().flatten().enumerate() {
            if !(1..=LANGUAGE_MAX).contains(&language.trim().chars().count()) {
                let message = "The name of a language has 1 to 50 characters.";
                problems.push(Problem::new(format!("/languages/{at}"), message));
            }
        }
        for (name, text) in [("phone", &self.phone), ("street", &self.street)] {
            if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
                problems.push(Problem::new(format!("/{name}"), "Leave this out, or say it."));
            }
        }
        problems
    }

    /// The city, with single spaces.
    pub(super) fn city(&self) -> String {
        self.city.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// As it was said, else of the known city; none if neither is one.
    pub(super) fn zone(&self) -> Option<Tz> {
        match self.zone.as_deref() {
            Some(zone) => zone.parse().ok(),
            None => place(&self.city).map(|place| place.zone),
        }
    }

    /// As it was said, else the middle of the known city.
    pub(super) fn place(&self) -> Option<Location> {
        self.location.or_else(|| place(&self.city).map(|place| place.location))
    }

    pub(super) fn radius_km(&self) -> f64 {
        self.radius_km.unwrap_or(USUAL_RADIUS_KM)
    }

    /// The languages, each once.
    pub(super) fn languages(&self) -> Vec<String> {
        phrases(self.languages.as_deref().unwrap_or_default())
    }
}

impl Offered {
    /// Everything that is wrong with it and that its shape cannot say.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let mut problems = Vec::new();
        match catalog.service(&self.service_id) {
            None => {
                let message = "There is no such service; GET /services/catalog lists them.";
                problems.push(Problem::new("/service_id", message));
            }
            Some((_, service)) => {
                for (at, place) in self.places.iter().enumerate().filter(|(_, p)| !service.places.contains(p))
                {
                    let message = format!("{} is not done at the place `{place}`.", service.name);
                    problems.push(Problem::new(format!("/places/{at}"), message));
                }
            }
        }
        if self.price_min_cents.zip(self.price_max_cents).is_some_and(|(min, max)| min > max) {
            problems.push(Problem::new("/price_max_cents", "The least price is more than the most."));
        }
        for (at, phrase) in self.specializations.iter().enumerate() {
            if !(1..=PHRASE_MAX).contains(&phrase.trim().chars().count()) {
                let message = "A phrase has 1 to 200 characters.";
                problems.push(Problem::new(format!("/specializations/{at}"), message));
            }
        }
        if self.licence_number.as_deref().is_some_and(|number| number.trim().is_empty()) {
            problems.push(Problem::new("/licence_number", "Leave this out, or say it."));
        }
        // In the west it may still be yesterday.
        let today = Utc::now().date_naive();
        let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        if self.licence_expires_on.is_some_and(|last| last < yesterday) {
            problems.push(Problem::new("/licence_expires_on", "This licence has expired."));
        }
        problems
    }

    /// The places, each once.
    pub(super) fn places(&self) -> Vec<ServicePlace> {
        let mut places = Vec::new();
        for place in &self.places {
            if !places.contains(place) {
                places.push(*place);
            }
        }
        places
    }

    /// The finer skills, each once.
    pub(super) fn specializations(&self) -> Vec<String> {
        phrases(&self.specializations)
    }
}

/// Phrases without spaces around them, each once.
fn phrases(said: &[String]) -> Vec<String> {
    let mut phrases: Vec<String> = Vec::new();
    for phrase in said.iter().map(|phrase| phrase.trim()) {
        if !phrases.iter().any(|known| known == phrase) {
            phrases.push(phrase.to_owned());
        }
    }
    phrases
}

/// Text without spaces around it; nothing, if that is all there is.
pub(super) fn said(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
