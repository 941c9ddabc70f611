use proxie_shared::model::ProviderId;
use proxie_shared::model::memory::{Learned, Memory, MemoryChange, PreferenceKey, Spending, Stated};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::examples::PROVIDER;
use super::inputs::given;
use crate::http::Input;

/// `PATCH /consumers/me/memory`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "budget": {"max_cents": 6_000, "currency": "USD"}, "timing": "Saturday mornings", "style": null, "places": ["Brooklyn"]
}))]
pub struct MemoryBody {
    /// What one wants to spend.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Spending>)]
    budget: Option<Option<Spending>>,
    /// When it suits one.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    timing: Option<Option<String>>,
    /// How one likes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    style: Option<Option<String>>,
    /// Where one needs things: all of them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    places: Option<Option<Vec<String>>>,
    /// Whom one likes: all of them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<ProviderId>>, max_items = 20)]
    favourite_providers: Option<Option<Vec<ProviderId>>>,
}

impl Input for MemoryBody {}

impl From<MemoryBody> for MemoryChange {
    fn from(body: MemoryBody) -> Self {
        let MemoryBody { budget, timing, style, places, favourite_providers } = body;
        Self {
            budget,
            timing,
            style,
            places: places.map(Option::unwrap_or_default),
            favourite_providers: favourite_providers.map(Option::unwrap_or_default),
        }
    }
}

/// `?key=` of `DELETE /consumers/me/memory`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetQuery {
    /// What is to be forgotten, stated and learned; all of it if this is not said.
    #[schema(
        value_type = Option<String>,
        pattern = "^(budget|timing|style|places|favourite_providers)$",
        example = "budget"
    )]
    pub key: Option<PreferenceKey>,
}

impl Input for ForgetQuery {}

/// What is remembered of a consumer.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example()))]
pub struct MemoryView {
    /// What they said: it comes before what was learned.
    stated: Stated,
    /// What they did.
    learned: Learned,
}

impl From<Memory> for MemoryView {
    fn from(Memory { stated, learned }: Memory) -> Self {
        Self { stated, learned }
    }
}

/// What is remembered of Maya.
pub fn example() -> Value {
    let at = "2026-11-23T15:04:08.940Z";
    let places = json!([{"value": "Brooklyn", "service_id": null, "seen": 3, "last_seen_at": at}]);
    json!({
        "stated": {
            "budget": {"max_cents": 6_000, "currency": "USD"}, "timing": "Saturday mornings", "style": null,
            "places": ["Brooklyn"], "favourite_providers": [{"provider_id": PROVIDER, "name": "Curl & Co"}],
        },
        "learned": {
            "budget": [{
                "service_id": "haircut", "usual_cents": 5_700, "currency": "USD", "seen": 2, "last_seen_at": at,
            }],
            "timing": [{"value": "weekend afternoons", "service_id": null, "seen": 2, "last_seen_at": at}],
            "style": [{"value": "curly hair", "service_id": "haircut", "seen": 2, "last_seen_at": at}],
            "places": places,
            "favourite_providers": [{"provider_id": PROVIDER, "name": "Curl & Co", "seen": 1, "last_seen_at": at}],
        },
    })
}
