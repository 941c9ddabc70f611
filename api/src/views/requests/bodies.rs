//! What calls about requests bring.

use proxie_shared::domain::requests::{Change, Post};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::money::Budget;
use proxie_shared::model::places::Location;
use proxie_shared::model::requests::{MOST_MEDIA, RequestStatus, Urgency};
use proxie_shared::model::window::Window;
use proxie_shared::model::{MediaId, ProviderId, RequestId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::Input;
use crate::views::examples;
use crate::views::inputs::given;

/// `…/{request_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPath {
    /// The request.
    #[schema(value_type = String, format = Uuid, example = json!(examples::REQUEST))]
    pub request_id: RequestId,
}

impl Input for RequestPath {}

/// `?status=&limit=&cursor=` of requests.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestListQuery {
    /// Only those that stand there.
    #[schema(
        value_type = Option<String>,
        pattern = "^(matching|matched|offers_received|booked|completed|cancelled|expired)$",
        example = "matched"
    )]
    pub status: Option<RequestStatus>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::REQUEST))]
    pub cursor: Option<RequestId>,
}

impl Input for RequestListQuery {}

/// `?limit=&cursor=` of matches.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchesQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::PROVIDER))]
    pub cursor: Option<ProviderId>,
}

impl Input for MatchesQuery {}

/// `POST /requests/{request_id}/cancel`
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "My sister cuts it."}))]
pub struct CancelBody {
    /// Why.
    #[schema(min_length = 1, max_length = 1_000)]
    pub reason: Option<String>,
}

impl Input for CancelBody {
    const OPTIONAL: bool = true;
}

/// `PATCH /requests/{request_id}`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"budget": {"min_cents": null, "max_cents": 8_000, "currency": "USD"}, "window": null}))]
pub struct PatchBody {
    /// Slug of the service.
    #[schema(min_length = 1, max_length = 100)]
    service_id: Option<String>,
    /// Where; another place has its own zone and location.
    #[schema(min_length = 1, max_length = 200)]
    city: Option<String>,
    /// Where exactly.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Location>)]
    location: Option<Option<Location>>,
    /// Where the work shall be done; where the provider will if null.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ServicePlace>)]
    place: Option<Option<ServicePlace>>,
    /// How far the consumer would go, in kilometres.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0, maximum = 1_000)]
    max_distance_km: Option<Option<f64>>,
    /// When, in local time of the place.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Window>)]
    window: Option<Option<Window>>,
    /// How soon it matters.
    urgency: Option<Urgency>,
    /// IANA zone of the place.
    #[schema(min_length = 1, max_length = 100)]
    zone: Option<String>,
    /// For how much.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Budget>)]
    budget: Option<Option<Budget>>,
    /// In the consumer's words.
    #[schema(max_length = 5_000)]
    description: Option<String>,
    /// Finer skills, as phrases.
    #[schema(max_items = 20)]
    specializations: Option<Vec<Phrase>>,
    /// Photos of the consumer's, in place of those that hang there.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 10)]
    media: Option<Vec<MediaId>>,
    /// Change it although it will be like another live one.
    allow_duplicate: Option<bool>,
}

impl Input for PatchBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        // What of it can be judged without what is there; the rest is when it is put together.
        let zone = self.zone.clone().or_else(|| Some("UTC".to_owned()));
        let known = catalog.services().next().map(|(_, service)| service.id.clone());
        Post {
            service_id: self.service_id.clone().or(known).unwrap_or_default(),
            city: self.city.as_deref().map_or_else(|| "Anywhere".to_owned(), spaced),
            location: None,
            place: None,
            max_distance_km: None,
            // Whether it is over is known with the zone of the place.
            window: self.window.flatten().filter(|window| window.from >= window.to),
            urgency: Urgency::Flexible,
            zone,
            budget: self.budget.clone().flatten(),
            description: String::new(),
            specializations: self.specializations.iter().flatten().map(|phrase| phrase.0.clone()).collect(),
            media: Vec::new(),
            allow_duplicate: false,
        }
        .problems(catalog)
    }
}

impl From<PatchBody> for Change {
    fn from(body: PatchBody) -> Self {
        let phrases = |all: Vec<Phrase>| all.into_iter().map(|phrase| phrase.0).collect();
        Self {
            service_id: body.service_id,
            city: body.city.as_deref().map(spaced),
            location: body.location,
            place: body.place,
            max_distance_km: body.max_distance_km,
            window: body.window,
            urgency: body.urgency,
            zone: body.zone,
            budget: body.budget,
            description: body.description,
            specializations: body.specializations.map(phrases),
            media: body.media.map(unique),
            allow_duplicate: body.allow_duplicate.unwrap_or(false),
        }
    }
}

/// `POST /requests`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "service_id": "haircut", "city": "Brooklyn", "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"},
    "specializations": ["curly hair"]
}))]
pub struct PostBody {
    /// Slug of the service.
    #[schema(min_length = 1, max_length = 100)]
    service_id: String,
    /// Where.
    #[schema(min_length = 1, max_length = 200)]
    city: String,
    /// Where exactly.
    location: Option<Location>,
    /// Where the work shall be done; where the provider will if absent.
    place: Option<ServicePlace>,
    /// How far the consumer would go, in kilometres.
    #[schema(exclusive_minimum = 0, maximum = 1_000)]
    max_distance_km: Option<f64>,
    /// When, in local time of the place.
    window: Option<Window>,
    /// How soon it matters.
    urgency: Option<Urgency>,
    /// IANA zone of the place; that of the known city if absent.
    #[schema(min_length = 1, max_length = 100)]
    zone: Option<String>,
    /// For how much.
    budget: Option<Budget>,
    /// In the consumer's words.
    #[schema(max_length = 5_000)]
    description: Option<String>,
    /// Finer skills, as phrases.
    #[schema(max_items = 20)]
    specializations: Option<Vec<Phrase>>,
    /// Photos of the caller's that show what is needed, in order.
    #[schema(value_type = Option<Vec<uuid::Uuid>>, max_items = 10)]
    media: Option<Vec<MediaId>>,
    /// Post it although it is like a live one.
    allow_duplicate: Option<bool>,
}

/// A finer skill.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(min_length = 1, max_length = 200)]
struct Phrase(String);

impl Input for PostBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        debug_assert_eq!(MOST_MEDIA, 10, "the schema says the same");
        Post::from(self.clone()).problems(catalog)
    }
}

impl From<PostBody> for Post {
    fn from(body: PostBody) -> Self {
        Self {
            service_id: body.service_id,
            city: spaced(&body.city),
            location: body.location,
            place: body.place,
            max_distance_km: body.max_distance_km,
            window: body.window,
            urgency: body.urgency.unwrap_or(Urgency::Flexible),
            zone: body.zone,
            budget: body.budget,
            description: body.description.unwrap_or_default(),
            specializations: body.specializations.into_iter().flatten().map(|phrase| phrase.0).collect(),
            media: unique(body.media.unwrap_or_default()),
            allow_duplicate: body.allow_duplicate.unwrap_or(false),
        }
    }
}

/// A city in single spaces.
fn spaced(city: &str) -> String {
    city.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each once, in the order in which they first come.
fn unique(media: Vec<MediaId>) -> Vec<MediaId> {
    let mut seen = std::collections::HashSet::new();
    media.into_iter().filter(|id| seen.insert(*id)).collect()
}
