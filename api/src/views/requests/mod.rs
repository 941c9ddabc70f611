mod bodies;

pub use bodies::{CancelBody, MatchesQuery, PatchBody, PostBody, RequestListQuery, RequestPath};
use chrono::{DateTime, NaiveDateTime, Utc};
use proxie_shared::agent::specialists::{
    Complexity, Consultation, DurationEstimate, Factor as SpecialistFactor, PriceEstimate,
};
use proxie_shared::auth::Links;
use proxie_shared::db::requests::Matched;
use proxie_shared::domain::leads::Need;
use proxie_shared::domain::requests::{Own, Read};
use proxie_shared::matching::Factor;
use proxie_shared::model::catalog::ServicePlace;
use proxie_shared::model::media::{Audience, Media};
use proxie_shared::model::money::Budget;
use proxie_shared::model::places::Location;
use proxie_shared::model::requests::{Request, RequestStatus, Urgency};
use proxie_shared::model::tasks::TaskStatus;
use proxie_shared::model::window::LOCAL_MINUTE;
use proxie_shared::model::{MediaId, ProviderId, RequestId, TaskId};
use serde::Serialize;
use utoipa::ToSchema;

use super::media::MediaView;
use super::{examples, examples_of_requests as stories};

/// A request as its owner sees it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::request()))]
pub struct RequestView<'a> {
    id: RequestId,
    /// The latest matching; null once that is swept.
    task_id: Option<TaskId>,
    status: RequestStatus,
    service_id: &'a str,
    city: &'a str,
    location: Option<Location>,
    zone: &'a str,
    place: Option<ServicePlace>,
    max_distance_km: Option<f64>,
    window: Option<WindowView>,
    urgency: Urgency,
    budget: Option<Budget>,
    description: &'a str,
    specializations: Vec<&'a str>,
    media: Vec<MediaView>,
    #[serde(rename = "match")]
    #[schema(required)]
    matching: Option<MatchView>,
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
    /// When the request was last matched.
    matched_at: Option<DateTime<Utc>>,
}

/// Where exactly, if that was said.
pub fn location(request: &Request) -> Option<Location> {
    let given = request.latitude.zip(request.longitude);
    given.map(|(latitude, longitude)| Location { latitude, longitude })
}

impl<'a> RequestView<'a> {
    /// A request with links to its photos.
    pub fn new(own: &'a Own, links: &Links) -> Self {
        let Own { request, matching, media } = own;
        Self {
            id: request.id,
            task_id: matching.map(|matching| matching.task_id),
            status: request.status,
            service_id: &request.service_id,
            city: &request.city,
            location: location(request),
            zone: &request.zone,
            place: request.place,
            max_distance_km: request.max_distance_km,
            window: WindowView::of(request),
            urgency: request.urgency,
            budget: budget(request),
            description: &request.description,
            specializations: phrases(request),
            media: photos(media, links),
            matching: matching.map(|matching| MatchView {
                task_id: matching.task_id,
                status: matching.status,
                matched_at: request.matched_at,
            }),
            expires_at: request.expires_at,
            created_at: request.created_at,
        }
    }
}

fn phrases(request: &Request) -> Vec<&str> {
    request.specializations.iter().flatten().map(String::as_str).collect()
}

/// A request as the providers see it that it was routed to: nothing by which the consumer could be reached or found.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::need()))]
pub struct NeedView<'a> {
    id: RequestId,
    status: RequestStatus,
    service_id: &'a str,
    /// The city or neighbourhood.
    city: &'a str,
    zone: &'a str,
    place: Option<ServicePlace>,
    window: Option<WindowView>,
    urgency: Urgency,
    budget: Option<Budget>,
    description: &'a str,
    specializations: Vec<&'a str>,
    media: Vec<MediaView>,
    /// The consumer's.
    #[schema(required)]
    first_name: Option<&'a str>,
    /// What a specialist of the trade says of it; null where there is none.
    #[schema(required)]
    specialist: Option<SpecialistView<'a>>,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// What a specialist of the trade tells providers of a request: worked out from what is typical and what was said.
#[derive(Serialize, ToSchema)]
struct SpecialistView<'a> {
    /// Whose knowledge it is.
    name: &'a str,
    complexity: Complexity,
    price: &'a PriceEstimate,
    duration_minutes: DurationEstimate,
    /// What makes price and duration different from what is typical.
    factors: &'a [SpecialistFactor],
    /// What the consumer was warned of.
    warnings: &'a [String],
    /// What whoever does it should know.
    notes: &'a [String],
}

impl<'a> From<&'a Consultation> for SpecialistView<'a> {
    fn from(said: &'a Consultation) -> Self {
        Self {
            name: &said.specialist,
            complexity: said.complexity,
            price: &said.price,
            duration_minutes: said.duration_minutes,
            factors: &said.factors,
            warnings: &said.warnings,
            notes: &said.notes,
        }
    }
}

/// They are for who may see the request.
fn photos(media: &[Media], links: &Links) -> Vec<MediaView> {
    media.iter().map(|photo| MediaView::new(photo, links, Audience::Private)).collect()
}

impl<'a> NeedView<'a> {
    /// A request with links to its photos.
    pub fn new(need: &'a Need, links: &Links) -> Self {
        let Need { request, first_name, media, specialist } = need;
        Self {
            id: request.id,
            status: request.status,
            service_id: &request.service_id,
            city: &request.city,
            zone: &request.zone,
            place: request.place,
            window: WindowView::of(request),
            urgency: request.urgency,
            budget: budget(request),
            description: &request.description,
            specializations: phrases(request),
            media: photos(media, links),
            first_name: first_name.as_deref(),
            specialist: specialist.as_ref().map(SpecialistView::from),
            expires_at: request.expires_at,
            created_at: request.created_at,
        }
    }
}

/// A request as its reader may see it.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!(examples::request()))]
pub enum ReadView<'a> {
    /// By who posted it.
    Own(RequestView<'a>),
    /// By a provider that it was routed to.
    Lead(NeedView<'a>),
}

impl<'a> ReadView<'a> {
    /// With links to its photos.
    pub fn new(read: &'a Read, links: &Links) -> Self {
        match read {
            Read::Own(own) => Self::Own(RequestView::new(own, links)),
            Read::Lead(need) => Self::Lead(NeedView::new(need, links)),
        }
    }
}

/// A page of requests.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::request()], "next_cursor": null}))]
pub struct RequestsView<'a> {
    items: Vec<RequestView<'a>>,
    next_cursor: Option<String>,
}

impl<'a> RequestsView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(requests: &'a [Own], limit: i64, links: &Links) -> Self {
        let shown = &requests[..requests.len().min(limit as usize)];
        let more = shown.len() < requests.len();
        Self {
            next_cursor: shown.last().filter(|_| more).map(|own| own.request.id.to_string()),
            items: shown.iter().map(|own| RequestView::new(own, links)).collect(),
        }
    }
}

/// A page of the providers that a request was routed to.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [stories::matched()], "next_cursor": null}))]
pub struct MatchesView {
    items: Vec<MatchedView>,
    next_cursor: Option<String>,
}

/// A provider that a request was routed to.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::matched()))]
pub struct MatchedView {
    provider: MatchedProviderView,
    /// 0 to 1: the sum of the shares.
    score: f64,
    factors: Vec<Factor>,
    /// Which routing they came with, from 1.
    round: i32,
    routed_at: DateTime<Utc>,
    /// Whether they have looked.
    viewed: bool,
    /// Whether they have passed.
    passed: bool,
}

/// A provider in few words.
#[derive(Serialize, ToSchema)]
struct MatchedProviderView {
    id: ProviderId,
    name: String,
    headline: String,
    city: String,
    photo_id: Option<MediaId>,
    /// Mean rating 1 to 5; null below three reviews.
    rating: Option<f64>,
    review_count: i32,
    /// Jobs done through here.
    completed_jobs: i32,
}

impl MatchesView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(mut matches: Vec<Matched>, limit: i64) -> Self {
        let more = matches.len() as i64 > limit;
        matches.truncate(limit as usize);
        Self {
            next_cursor: matches.last().filter(|_| more).map(|one| one.provider_id.to_string()),
            items: matches.into_iter().map(MatchedView::from).collect(),
        }
    }
}

impl From<Matched> for MatchedView {
    fn from(matched: Matched) -> Self {
        Self {
            provider: MatchedProviderView {
                id: matched.provider_id,
                name: matched.name,
                headline: matched.headline,
                city: matched.city,
                photo_id: matched.photo_id,
                rating: matched.rating,
                review_count: matched.review_count,
                completed_jobs: matched.completed_jobs,
            },
            score: matched.score,
            // Written by the matcher: they are read as they were written.
            factors: serde_json::from_value(matched.factors).unwrap_or_default(),
            round: matched.round,
            routed_at: matched.routed_at,
            viewed: matched.viewed_at.is_some(),
            passed: matched.passed_at.is_some(),
        }
    }
}
