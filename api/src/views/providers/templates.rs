use chrono::{DateTime, Utc};
use proxie_shared::domain::providers::{TemplateChange, Words};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::providers::Template;
use proxie_shared::model::{ProviderId, TemplateId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{examples, given};
use crate::http::Input;
use crate::views::examples::PROVIDER;

/// `/providers/{provider_id}/templates/{template_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatePath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(PROVIDER))]
    pub provider_id: ProviderId,
    /// The template.
    #[schema(value_type = String, format = Uuid, example = json!(examples::TEMPLATE))]
    pub template_id: TemplateId,
}

impl Input for TemplatePath {}

/// `?limit=&cursor=` of a provider's templates.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplatesQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::TEMPLATE))]
    pub cursor: Option<TemplateId>,
}

impl Input for TemplatesQuery {}

/// `POST /providers/{provider_id}/templates`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "First visit", "body": "Hi {first_name}, I would love to do your {service} on {slot} for {price}."
}))]
pub struct TemplatePostBody {
    /// Slug of the service that it is for; for all if absent.
    #[schema(min_length = 1, max_length = 100)]
    service_id: Option<String>,
    /// What you call it; each name once.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The text, with `{first_name}`, `{service}`, `{price}` and `{slot}` where these belong.
    #[schema(min_length = 1, max_length = 5_000)]
    body: String,
}

impl Input for TemplatePostBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        Words::from(self.clone()).problems(catalog)
    }
}

impl From<TemplatePostBody> for Words {
    fn from(body: TemplatePostBody) -> Self {
        let TemplatePostBody { service_id, name, body } = body;
        Self { service_id, name, body }
    }
}

/// `PATCH /providers/{provider_id}/templates/{template_id}`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Curls, first visit", "service_id": "haircut"}))]
pub struct TemplatePatchBody {
    /// Slug of the service that it is for; null: for all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    service_id: Option<Option<String>>,
    /// What you call it; each name once.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    name: Option<String>,
    /// The text, with `{first_name}`, `{service}`, `{price}` and `{slot}` where these belong.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5_000, nullable = false)]
    body: Option<String>,
}

impl Input for TemplatePatchBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        TemplateChange::from(self.clone()).problems(catalog)
    }
}

impl From<TemplatePatchBody> for TemplateChange {
    fn from(body: TemplatePatchBody) -> Self {
        let TemplatePatchBody { service_id, name, body } = body;
        Self { service_id, name, body }
    }
}

/// How a provider words offers.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::template()))]
pub struct TemplateView<'a> {
    id: TemplateId,
    service_id: Option<&'a str>,
    name: &'a str,
    body: &'a str,
    created_at: DateTime<Utc>,
}

impl<'a> From<&'a Template> for TemplateView<'a> {
    fn from(template: &'a Template) -> Self {
        Self {
            id: template.id,
            service_id: template.service_id.as_deref(),
            name: &template.name,
            body: &template.body,
            created_at: template.created_at,
        }
    }
}

/// A page of templates, in order of their making.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::template()], "next_cursor": null}))]
pub struct TemplatesView<'a> {
    items: Vec<TemplateView<'a>>,
    next_cursor: Option<TemplateId>,
}

impl<'a> TemplatesView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(templates: &'a [Template], limit: i64) -> Self {
        let items: Vec<_> = templates.iter().take(limit as usize).map(TemplateView::from).collect();
        let more = templates.len() > items.len();
        Self { next_cursor: items.last().filter(|_| more).map(|item| item.id), items }
    }
}
