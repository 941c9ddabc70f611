use chrono::{DateTime, NaiveDateTime, Utc};
use proxie_shared::domain::requests::Post;
use proxie_shared::error::Problem;
use proxie_shared::model::money::Budget;
use proxie_shared::model::places::Location;
use proxie_shared::model::requests::{Request, RequestStatus, Urgency};
use proxie_shared::model::tasks::{Task, TaskStatus};
use proxie_shared::model::window::{LOCAL_MINUTE, Window};
use proxie_shared::model::{RequestId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

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
    /// Post it although it is like a live one.
    allow_duplicate: Option<bool>,
}

/// A finer skill.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(min_length = 1, max_length = 200)]
struct Phrase(String);

impl Input for PostBody {
    fn problems(&self) -> Vec<Problem> {
        Post::from(self.clone()).problems()
    }
}

impl From<PostBody> for Post {
    fn from(body: PostBody) -> Self {
        Self {
            service_id: body.service_id,
            city: body.city.split_whitespace().collect::<Vec<_>>().join(" "),
            location: body.location,
            max_distance_km: body.max_distance_km,
            window: body.window,
            urgency: body.urgency.unwrap_or(Urgency::Flexible),
            zone: body.zone,
            budget: body.budget,
            description: body.description.unwrap_or_default(),
            specializations: body.specializations.into_iter().flatten().map(|phrase| phrase.0).collect(),
            allow_duplicate: body.allow_duplicate.unwrap_or(false),
        }
    }
}

/// A request as its owner sees it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::request()))]
pub struct RequestView<'a> {
    id: RequestId,
    task_id: TaskId,
    status: RequestStatus,
    service_id: &'a str,
    city: &'a str,
    zone: &'a str,
    window: Option<WindowView>,
    urgency: Urgency,
    budget: Option<Budget>,
    description: &'a str,
    specializations: Vec<&'a str>,
    #[serde(rename = "match")]
    matching: MatchView,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// A window in local time of the place.
#[derive(Serialize, ToSchema)]
pub struct WindowView {
    #[schema(format = "local-date-time")]
    from: String,
    #[schema(format = "local-date-time")]
    to: String,
}

impl WindowView {
    /// The window that a request asks for.
    pub fn of(request: &Request) -> Option<Self> {
        let local = |at: NaiveDateTime| at.format(LOCAL_MINUTE).to_string();
        let window = request.window_from.zip(request.window_to);
        window.map(|(from, to)| Self { from: local(from), to: local(to) })
    }
}

/// What a request would spend.
pub fn budget(request: &Request) -> Option<Budget> {
    request.budget_currency.as_ref().map(|currency| Budget {
        min_cents: request.budget_min_cents,
        max_cents: request.budget_max_cents,
        currency: currency.clone(),
    })
}

/// The latest matching.
#[derive(Serialize, ToSchema)]
struct MatchView {
    task_id: TaskId,
    status: TaskStatus,
    matched_at: Option<DateTime<Utc>>,
}

impl<'a> RequestView<'a> {
    /// The view of a request and of its latest matching.
    pub fn new(request: &'a Request, task: &Task) -> Self {
        let matched_at = (task.status == TaskStatus::Completed).then_some(task.updated_at);
        Self {
            id: request.id,
            task_id: task.id,
            status: request.status,
            service_id: &request.service_id,
            city: &request.city,
            zone: &request.zone,
            window: WindowView::of(request),
            urgency: request.urgency,
            budget: budget(request),
            description: &request.description,
            specializations: request.specializations.iter().flatten().map(String::as_str).collect(),
            matching: MatchView { task_id: task.id, status: task.status, matched_at },
            expires_at: request.expires_at,
            created_at: request.created_at,
        }
    }
}
