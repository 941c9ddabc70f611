use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::db::leads::Filter;
use proxie_shared::domain::leads::Lead;
use proxie_shared::model::tasks::{Task, TaskStatus};
use proxie_shared::model::{OfferId, RequestId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::requests::NeedView;
use super::{examples, examples_of_requests as stories};
use crate::http::Input;

/// `?service_id=&viewed=&offered=&passed=&open=&limit=&cursor=` of leads.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadsQuery {
    /// Only for this service.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    service_id: Option<String>,
    /// Only those that were looked at, or not.
    #[schema(example = false)]
    viewed: Option<bool>,
    /// Only those that were offered for, or not.
    #[schema(example = false)]
    offered: Option<bool>,
    /// Only those that were passed, or not; not, if this is not said.
    #[schema(example = false)]
    passed: Option<bool>,
    /// Only those that take offers, or do not; that do, if this is not said.
    #[schema(example = true)]
    open: Option<bool>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::REQUEST))]
    pub cursor: Option<RequestId>,
}

impl Input for LeadsQuery {}

impl From<&LeadsQuery> for Filter {
    fn from(query: &LeadsQuery) -> Self {
        Self {
            service_id: query.service_id.clone(),
            viewed: query.viewed,
            offered: query.offered,
            passed: query.passed.or(Some(false)),
            open: query.open.or(Some(true)),
        }
    }
}

/// `PUT /requests/{request_id}/pass`
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Fully booked that week."}))]
pub struct PassBody {
    /// Why; the consumer does not see it.
    #[schema(min_length = 1, max_length = 1_000)]
    pub reason: Option<String>,
}

impl Input for PassBody {
    const OPTIONAL: bool = true;
}

/// A page of leads.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [stories::lead()], "next_cursor": null}))]
pub struct LeadListView<'a> {
    items: Vec<LeadView<'a>>,
    next_cursor: Option<String>,
}

/// A request that was routed to the caller.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(stories::lead()))]
pub struct LeadView<'a> {
    request: NeedView<'a>,
    /// 0 to 1.
    score: f64,
    /// What speaks most for it.
    why: &'a [String],
    routed_at: DateTime<Utc>,
    viewed: bool,
    viewed_at: Option<DateTime<Utc>>,
    passed: bool,
    passed_at: Option<DateTime<Utc>>,
    offered: bool,
    /// The caller's latest offer for it.
    offer_id: Option<OfferId>,
}

impl<'a> LeadView<'a> {
    /// A lead with links to its photos.
    pub fn new(lead: &'a Lead, links: &Links) -> Self {
        Self {
            request: NeedView::new(&lead.need, links),
            score: lead.score,
            why: &lead.why,
            routed_at: lead.routed_at,
            viewed: lead.viewed_at.is_some(),
            viewed_at: lead.viewed_at,
            passed: lead.passed_at.is_some(),
            passed_at: lead.passed_at,
            offered: lead.offer_id.is_some(),
            offer_id: lead.offer_id,
        }
    }
}

impl<'a> LeadListView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(leads: &'a [Lead], limit: i64, links: &Links) -> Self {
        let shown = &leads[..leads.len().min(limit as usize)];
        let more = shown.len() < leads.len();
        Self {
            next_cursor: shown.last().filter(|_| more).map(|lead| lead.need.request.id.to_string()),
            items: shown.iter().map(|lead| LeadView::new(lead, links)).collect(),
        }
    }
}

/// A task was taken.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"task_id": examples::TASK, "status": "processing"}))]
pub struct TakenView {
    task_id: TaskId,
    status: TaskStatus,
}

impl From<&Task> for TakenView {
    fn from(task: &Task) -> Self {
        Self { task_id: task.id, status: task.status }
    }
}
