use proxie_shared::domain::providers::{Business, NewBusiness, Offered};
use proxie_shared::error::Problem;
use proxie_shared::model::calendar::Availability;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::places::Location;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::Input;

/// `POST /providers`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderPostBody, example = json!({
    "name": "Curl & Co", "headline": "Curly hair is all we do", "bio": "Fifteen years of curls.", "city": "Brooklyn",
    "radius_km": 10, "languages": ["English", "Spanish"], "years_experience": 15, "email": "hello@curls.example",
    "phone": "+1 718 555 0100", "street": "12 Bergen Street",
    "services": [{
        "service_id": "haircut", "places": ["provider"], "price_min_cents": 5_500, "price_max_cents": 9_000,
        "currency": "USD", "specializations": ["3B curls"]
    }]
}))]
pub struct PostBody {
    /// The business's name.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// A line.
    #[schema(max_length = 200)]
    headline: Option<String>,
    /// In their own words.
    #[schema(max_length = 5_000)]
    bio: Option<String>,
    /// Where they work from.
    #[schema(min_length = 1, max_length = 200)]
    city: String,
    /// IANA zone of it and of their calendar; that of the known city if absent.
    #[schema(min_length = 1, max_length = 100)]
    zone: Option<String>,
    /// Where exactly, shown to others rounded; the middle of the known city if absent.
    location: Option<Location>,
    /// How far they travel, in kilometres; 25 if absent.
    #[schema(minimum = 0, maximum = 1_000)]
    radius_km: Option<f64>,
    /// Languages they speak.
    #[schema(max_items = 20)]
    languages: Option<Vec<String>>,
    /// For how long they have done this.
    #[schema(minimum = 0, maximum = 80)]
    years_experience: Option<i32>,
    /// For the other side of a booking only.
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: Option<String>,
    /// For the other side of a booking only.
    #[schema(min_length = 3, max_length = 40)]
    phone: Option<String>,
    /// For the other side of a booking only.
    #[schema(min_length = 1, max_length = 300)]
    street: Option<String>,
    /// What they offer; more can be added later.
    #[schema(max_items = 100)]
    services: Option<Vec<Offered>>,
    /// When they work, in the zone of the business; Monday to Friday from nine to five if absent.
    availability: Option<Availability>,
}

impl Input for PostBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        NewBusiness::from(self.clone()).problems(catalog)
    }
}

impl From<PostBody> for NewBusiness {
    fn from(body: PostBody) -> Self {
        let about = Business {
            name: body.name,
            headline: body.headline,
            bio: body.bio,
            city: body.city,
            zone: body.zone.or_else(|| body.availability.as_ref().map(|calendar| calendar.zone.to_string())),
            location: body.location,
            radius_km: body.radius_km,
            languages: body.languages,
            years_experience: body.years_experience,
            email: body.email,
            phone: body.phone,
            street: body.street,
        };
        Self { about, services: body.services.unwrap_or_default(), availability: body.availability }
    }
}
