use std::borrow::Cow;

use chrono::{DateTime, Utc};
use proxie_shared::domain::enrollment::EnrollmentFields;
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::enrollment::{Enrollment, EnrollmentStatus};
use proxie_shared::model::{EnrollmentId, ProviderId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::examples;
use crate::http::Input;

/// `…/{enrollment_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentPath {
    /// The enrollment.
    #[schema(value_type = String, format = Uuid, example = json!(examples::ENROLLMENT))]
    pub enrollment_id: EnrollmentId,
}

impl Input for EnrollmentPath {}

/// `?status=&limit=&cursor=` of everybody's enrollments.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnrollmentsQuery {
    /// Only those that stand so.
    #[schema(
        value_type = Option<String>,
        pattern = "^(draft|pending_verification|verified|rejected)$",
        example = "pending_verification"
    )]
    pub status: Option<EnrollmentStatus>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::ENROLLMENT))]
    pub cursor: Option<EnrollmentId>,
}

impl Input for EnrollmentsQuery {}

/// `PATCH /enrollment/{enrollment_id}`: [`EnrollmentFields`], and what of them is null.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct FillInBody(Map<String, Value>);

impl FillInBody {
    /// What is replaced, and what is taken out.
    pub fn changes(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl PartialSchema for FillInBody {
    fn schema() -> RefOr<Schema> {
        EnrollmentFields::schema()
    }
}

impl ToSchema for FillInBody {
    fn name() -> Cow<'static, str> {
        EnrollmentFields::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        EnrollmentFields::schemas(schemas);
    }
}

impl Input for FillInBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        let fields = serde_json::from_value::<EnrollmentFields>(Value::Object(self.0.clone()));
        fields.map(|fields| fields.problems(catalog)).unwrap_or_default()
    }
}

/// `POST /enrollment/{enrollment_id}/reject`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reasons": ["The licence number belongs to somebody else."]}))]
pub struct RejectBody {
    /// Why, for its owner.
    #[schema(min_items = 1, max_items = 20)]
    reasons: Vec<Reason>,
}

/// A sentence.
#[derive(Deserialize, ToSchema)]
#[schema(min_length = 1, max_length = 500)]
struct Reason(String);

impl RejectBody {
    /// The reasons, without spaces around them.
    pub fn reasons(&self) -> Vec<String> {
        self.reasons.iter().map(|reason| reason.0.trim().to_owned()).collect()
    }
}

impl Input for RejectBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let blank = self.reasons.iter().enumerate().filter(|(_, reason)| reason.0.trim().is_empty());
        blank.map(|(at, _)| Problem::new(format!("/reasons/{at}"), "Must not be blank.")).collect()
    }
}

/// An enrollment as its owner sees it, and an admin.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::enrollment()))]
pub struct EnrollmentView<'a> {
    id: EnrollmentId,
    /// Whose it is.
    user_id: UserId,
    status: EnrollmentStatus,
    /// What is filled in.
    #[schema(value_type = EnrollmentFields)]
    fields: &'a Value,
    /// What must still be filled in before it can be handed in; films are not told from pictures here.
    missing: Vec<Problem>,
    /// Why it was rejected; they stay until it is handed in again.
    reasons: &'a [String],
    /// The provider that it became.
    provider_id: Option<ProviderId>,
    /// When the draft is deleted if nobody goes on with it.
    expires_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    /// When an admin decided last.
    decided_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl<'a> EnrollmentView<'a> {
    /// The view of an enrollment by what the catalog asks for.
    pub fn new(enrollment: &'a Enrollment, catalog: &Catalog) -> Self {
        let is_open = matches!(enrollment.status, EnrollmentStatus::Draft | EnrollmentStatus::Rejected);
        let fields = EnrollmentFields::of(enrollment).ok().filter(|_| is_open);
        let missing = fields.map(|fields| fields.missing(catalog, |_| true)).unwrap_or_default();
        let in_body = |p: Problem| Problem { pointer: format!("/body{}", p.pointer), ..p };
        Self {
            id: enrollment.id,
            user_id: enrollment.user_id,
            status: enrollment.status,
            fields: &enrollment.fields,
            missing: missing.into_iter().map(in_body).collect(),
            reasons: &enrollment.reasons,
            provider_id: enrollment.provider_id,
            expires_at: enrollment.expires_at,
            submitted_at: enrollment.submitted_at,
            decided_at: enrollment.decided_at,
            created_at: enrollment.created_at,
            updated_at: enrollment.updated_at,
        }
    }
}

/// A page of enrollments.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::enrollment()], "next_cursor": null}))]
pub struct EnrollmentsView<'a> {
    items: Vec<EnrollmentView<'a>>,
    next_cursor: Option<String>,
}

impl<'a> EnrollmentsView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(listed: &'a [Enrollment], limit: i64, catalog: &Catalog) -> Self {
        let page = &listed[..listed.len().min(limit as usize)];
        let last = page.last().filter(|_| listed.len() > page.len());
        Self {
            next_cursor: last.map(|last| last.id.to_string()),
            items: page.iter().map(|enrollment| EnrollmentView::new(enrollment, catalog)).collect(),
        }
    }
}
