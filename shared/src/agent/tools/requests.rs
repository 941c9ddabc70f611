//! Tools for what is needed.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::RequestId;
use crate::model::catalog::ServicePlace;
use crate::model::requests::Urgency;

/// New facts for the draft of a request: only what is new or changed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRequestDraft {
    /// Slug of the service.
    pub service_id: Option<String>,
    /// The city or borough, as it was said.
    pub city: Option<String>,
    /// IANA time zone of the city, if you know it.
    pub zone: Option<String>,
    /// When: local time of the place.
    #[schema(inline)]
    pub window: Option<WindowText>,
    /// For how much, in cents.
    #[schema(inline)]
    pub budget: Option<BudgetArgs>,
    /// All finer skills, known and new, as short phrases such as "curly hair".
    pub specializations: Option<Vec<String>>,
    /// All that fits nowhere else, known and new, in the person's words.
    pub notes: Option<String>,
    /// The person's first name.
    pub name: Option<String>,
    /// How soon it matters.
    #[schema(inline)]
    pub urgency: Option<Urgency>,
    /// Where it is to be done.
    #[schema(inline)]
    pub place: Option<ServicePlace>,
    /// What the person does not care about or will not say: "window", "budget".
    pub declined: Option<Vec<String>>,
    /// What is to be forgotten: "window", "budget", "notes", "specializations".
    pub clear: Option<Vec<String>>,
}

/// A window as text, `YYYY-MM-DDTHH:MM`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowText {
    /// Begin.
    pub from: String,
    /// End.
    pub to: String,
}

/// A budget in minor units.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetArgs {
    /// Least.
    #[serde(default)]
    pub min_cents: Option<i64>,
    /// Most.
    #[serde(default)]
    pub max_cents: Option<i64>,
    /// ISO 4217; USD if nothing else was said.
    #[serde(default)]
    pub currency: Option<String>,
}

/// Who offers a service in a city.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchProviders {
    /// Slug of the service.
    pub service_id: String,
    /// The city or borough.
    pub city: String,
    /// At most so many, 1 to 10.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// How the request is posted.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateServiceRequest {
    /// Whether it may be like a live one: only if the person wants a second one.
    pub allow_duplicate: Option<bool>,
}

/// Which requests.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetMyRequests {
    /// "open" (if absent) or "all".
    pub status: Option<String>,
}

/// Which request is cancelled.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// Its id; the only open one if absent.
    #[schema(value_type = Option<String>, format = Uuid)]
    pub request_id: Option<RequestId>,
    /// Why, in the person's words.
    pub reason: Option<String>,
}
