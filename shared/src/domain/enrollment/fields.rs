//! What is filled in of an enrollment, what of it cannot be, and what is missing.

use std::collections::HashSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::providers::{Business, NewBusiness, Offered};
use crate::error::{Problem, Result};
use crate::model::MediaId;
use crate::model::calendar::Availability;
use crate::model::catalog::{Catalog, Service, ServicePlace};
use crate::model::enrollment::Enrollment;
use crate::model::places::Location;

/// The currency of a service that nobody knows.
const USUAL_CURRENCY: &str = "USD";

/// What somebody says who is to be a provider, as far as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "business_name": "Curls & Co", "city": "Brooklyn", "languages": ["English", "Spanish"],
    "services": [{
        "service_id": "haircut", "places": ["provider"], "price_min_cents": 5_500, "price_max_cents": 9_000,
        "currency": "USD", "duration_minutes": 60, "specializations": ["3B curls"]
    }],
    "availability": {
        "zone": "America/New_York", "weekly": {"tuesday": [{"start": "09:00", "end": "17:30"}]}, "exceptions": [],
        "notice_minutes": 120, "max_per_day": null, "buffer_minutes": 15
    },
    "portfolio": [{"media_id": "01a1c2e7-9d40-7b1c-8f52-6a0e3d94c7b8", "service_id": "haircut", "title": "Maya"}]
}))]
pub struct EnrollmentFields {
    /// The business's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub business_name: Option<String>,
    /// A line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub headline: Option<String>,
    /// In their own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 5_000)]
    pub bio: Option<String>,
    /// Where they work from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    pub city: Option<String>,
    /// IANA zone of it; that of the availability if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100)]
    pub zone: Option<String>,
    /// Where exactly, shown to others rounded; the middle of the known city if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// How far they travel, in kilometres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000)]
    pub radius_km: Option<f64>,
    /// Languages they speak.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub languages: Option<Vec<String>>,
    /// For how long they have done this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 80)]
    pub years_experience: Option<i32>,
    /// For the other side of a booking only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 3, max_length = 40)]
    pub phone: Option<String>,
    /// For the other side of a booking only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Email, min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// For the other side of a booking only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300)]
    pub street: Option<String>,
    /// What they offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub services: Option<Vec<EnrollmentService>>,
    /// When they work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// What they show of their work.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 50)]
    pub portfolio: Option<Vec<EnrollmentPhoto>>,
}

/// A service that is to be offered, as far as it is filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentService {
    /// Slug of the service in the catalog.
    #[schema(min_length = 1, max_length = 100)]
    pub service_id: String,
    /// Where they do it; wherever the catalog has it done if absent.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 3)]
    pub places: Option<Vec<ServicePlace>>,
    /// Least price, in minor units.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub price_min_cents: Option<i64>,
    /// Most, in minor units.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000_000)]
    pub price_max_cents: Option<i64>,
    /// ISO 4217; the catalog's if absent.
    #[serde(default)]
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: Option<String>,
    /// How long it usually takes; as the catalog says if absent.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 1_440)]
    pub duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub specializations: Option<Vec<String>>,
    /// In their own words.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
    /// Number of the licence, for a service that needs one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub licence_number: Option<String>,
    /// Last day of the licence.
    #[serde(default)]
    pub licence_expires_on: Option<NaiveDate>,
}

/// A picture or film of one's work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentPhoto {
    /// The picture or film, uploaded before.
    #[schema(value_type = String, format = Uuid)]
    pub media_id: MediaId,
    /// What it shows; it counts for all services if absent.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100)]
    pub service_id: Option<String>,
    /// A few words.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// More of them.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    pub description: Option<String>,
}

impl EnrollmentFields {
    /// What is filled in of an enrollment.
    ///
    /// # Errors
    /// When it was written by another release.
    pub fn of(enrollment: &Enrollment) -> Result<Self> {
        Ok(serde_json::from_value(enrollment.fields.clone())?)
    }

    /// What of it cannot be, as far as it is filled in; pointers are to its fields.
    #[must_use]
    pub fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let is_said = |problem: &Problem| match problem.pointer.as_str() {
            "/business_name" => self.business_name.is_some(),
            "/city" => self.city.is_some(),
            // That of an unknown city is missing; it is not wrong.
            "/zone" => false,
            _ => true,
        };
        let named = |problem: Problem| match problem.pointer.as_str() {
            "/name" => Problem { pointer: "/business_name".to_owned(), ..problem },
            _ => problem,
        };
        let mut problems: Vec<Problem> =
            self.business(catalog).problems(catalog).into_iter().map(named).filter(is_said).collect();
        if self.zone.as_deref().is_some_and(|zone| zone.parse::<Tz>().is_err()) {
            problems.push(Problem::new("/zone", "Name an IANA time zone, such as America/New_York."));
        }
        let mut seen = HashSet::new();
        for (at, photo) in self.photos().iter().enumerate() {
            if photo.service_id.as_deref().is_some_and(|id| catalog.service(id).is_none()) {
                let message = "There is no such service; GET /services/catalog lists them.";
                problems.push(Problem::new(format!("/portfolio/{at}/service_id"), message));
            }
            if !seen.insert(photo.media_id) {
                problems.push(Problem::new(format!("/portfolio/{at}/media_id"), "Show each picture once."));
            }
        }
        problems
    }

    /// What must still be filled in; `is_photo` tells pictures from films, and from what is not there.
    #[must_use]
    pub fn missing(&self, catalog: &Catalog, is_photo: impl Fn(MediaId) -> bool) -> Vec<Problem> {
        let mut missing = Vec::new();
        if self.business_name.is_none() {
            missing.push(Problem::new("/business_name", "Say the name of the business."));
        }
        if self.city.is_none() {
            missing.push(Problem::new("/city", "Name a city."));
        }
        if self.services().is_empty() {
            missing.push(Problem::new("/services", "Name at least one service."));
        }
        if !self.availability.as_ref().is_some_and(is_ever_open) {
            missing.push(Problem::new("/availability", "Say when you work."));
        }
        for (at, offered) in self.services().iter().enumerate() {
            let Some((_, service)) = catalog.service(&offered.service_id) else { continue };
            if service.licensed && offered.licence_number.is_none() {
                let message = format!("{} needs a licence: say its number.", service.name);
                missing.push(Problem::new(format!("/services/{at}/licence_number"), message));
            }
            if service.licensed && offered.licence_expires_on.is_none() {
                let message = format!("{} needs a licence: say until when it is good.", service.name);
                missing.push(Problem::new(format!("/services/{at}/licence_expires_on"), message));
            }
            if self.photos_of(service, &is_photo) < service.min_photos as usize {
                let message = format!("Show at least {} photos of {}.", service.min_photos, service.name);
                missing.push(Problem::new("/portfolio", message));
            }
        }
        missing
    }

    /// Whether every service needs a licence.
    #[must_use]
    pub fn is_licensed_only(&self, catalog: &Catalog) -> bool {
        let needs_licence = |offered: &EnrollmentService| {
            catalog.service(&offered.service_id).is_some_and(|(_, service)| service.licensed)
        };
        self.services().iter().all(needs_licence)
    }

    /// The pictures and films that it names.
    #[must_use]
    pub fn media(&self) -> Vec<MediaId> {
        self.photos().iter().map(|photo| photo.media_id).collect()
    }

    /// What it shows.
    #[must_use]
    pub fn photos(&self) -> &[EnrollmentPhoto] {
        self.portfolio.as_deref().unwrap_or_default()
    }

    /// What is to be offered.
    pub(in crate::domain) fn services(&self) -> &[EnrollmentService] {
        self.services.as_deref().unwrap_or_default()
    }

    /// How many photos it shows of a service.
    pub(in crate::domain) fn photos_of(
        &self,
        service: &Service,
        is_photo: impl Fn(MediaId) -> bool,
    ) -> usize {
        let shows = |photo: &&EnrollmentPhoto| photo.service_id.as_ref().is_none_or(|id| *id == service.id);
        self.photos().iter().filter(shows).filter(|photo| is_photo(photo.media_id)).count()
    }

    /// The business that it would be.
    pub(super) fn business(&self, catalog: &Catalog) -> NewBusiness {
        // The calendar's zone is the provider's.
        let zone = self.availability.as_ref().map(|hours| hours.zone.to_string());
        let about = Business {
            name: self.business_name.clone().unwrap_or_default(),
            headline: self.headline.clone(),
            bio: self.bio.clone(),
            city: self.city.clone().unwrap_or_default(),
            zone: zone.or_else(|| self.zone.clone()),
            location: self.location,
            radius_km: self.radius_km,
            languages: self.languages.clone(),
            years_experience: self.years_experience,
            email: self.email.clone(),
            phone: self.phone.clone(),
            street: self.street.clone(),
        };
        let services = self.services().iter().map(|service| service.offered(catalog)).collect();
        NewBusiness { about, services, availability: self.availability.clone() }
    }
}

impl EnrollmentService {
    /// The service as it would be offered.
    fn offered(&self, catalog: &Catalog) -> Offered {
        let known = catalog.service(&self.service_id).map(|(_, service)| service);
        let places = || known.map(|service| service.places.clone()).unwrap_or_default();
        let currency = || known.map_or(USUAL_CURRENCY, |service| service.price.currency.as_str()).to_owned();
        Offered {
            service_id: self.service_id.clone(),
            description: self.description.clone(),
            places: self.places.clone().unwrap_or_else(places),
            price_min_cents: self.price_min_cents,
            price_max_cents: self.price_max_cents,
            currency: self.currency.clone().unwrap_or_else(currency),
            duration_minutes: self.duration_minutes,
            specializations: self.specializations.clone().unwrap_or_default(),
            licence_number: self.licence_number.clone(),
            licence_expires_on: self.licence_expires_on,
        }
    }
}

/// Whether there are any hours at all.
fn is_ever_open(hours: &Availability) -> bool {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let weekly = [Mon, Tue, Wed, Thu, Fri, Sat, Sun].iter().any(|day| !hours.weekly.on(*day).is_empty());
    weekly || hours.exceptions.iter().any(|exception| !exception.hours.is_empty())
}
