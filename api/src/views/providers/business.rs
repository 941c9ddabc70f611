use proxie_shared::domain::providers::{Business, Change};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::places::Location;
use serde::Deserialize;
use utoipa::ToSchema;

use super::given;
use crate::http::Input;

/// `PUT /providers/{provider_id}`
pub type PutBody = Business;

impl Input for Business {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        Self::problems(self)
    }
}

/// `PATCH /providers/{provider_id}` and `…/profile`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderPatchBody, example = json!({"headline": "Curls of all kinds", "phone": null}))]
pub struct PatchBody {
    /// The business's name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// A line.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    headline: Option<Option<String>>,
    /// In their own words.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 5_000)]
    bio: Option<Option<String>>,
    /// Where they work from; zone and location go along with it, as far as they are known and not said.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    city: Option<String>,
    /// IANA zone of it and of their calendar.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, nullable = false)]
    zone: Option<String>,
    /// Where exactly, shown to others rounded; null: the middle of the known city.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Location>)]
    location: Option<Option<Location>>,
    /// How far they travel, in kilometres.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000, nullable = false)]
    radius_km: Option<f64>,
    /// Languages they speak.
    #[serde(default)]
    #[schema(max_items = 20, nullable = false)]
    languages: Option<Vec<String>>,
    /// For how long they have done this.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 80)]
    years_experience: Option<Option<i32>>,
    /// For the other side of a booking only.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = Email, min_length = 3, max_length = 254)]
    email: Option<Option<String>>,
    /// For the other side of a booking only.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 3, max_length = 40)]
    phone: Option<Option<String>>,
    /// For the other side of a booking only.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    street: Option<Option<String>>,
}

impl Input for PatchBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        Change::from(self.clone()).problems()
    }
}

impl From<PatchBody> for Change {
    fn from(body: PatchBody) -> Self {
        let PatchBody {
            name,
            headline,
            bio,
            city,
            zone,
            location,
            radius_km,
            languages,
            years_experience,
            email,
            phone,
            street,
        } = body;
        Self {
            name,
            headline,
            bio,
            city,
            zone,
            location,
            radius_km,
            languages,
            years_experience,
            email,
            phone,
            street,
        }
    }
}
