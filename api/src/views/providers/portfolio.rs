use chrono::{DateTime, Utc};
use proxie_shared::auth::Links;
use proxie_shared::domain::providers::{Show, Shown};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::media::Audience;
use proxie_shared::model::{MediaId, PortfolioItemId, ProviderId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{examples, given};
use crate::http::Input;
use crate::views::examples::{MEDIA, PROVIDER};
use crate::views::media::MediaView;

/// `/providers/{provider_id}/portfolio/{item_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemPath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(PROVIDER))]
    pub provider_id: ProviderId,
    /// What is shown.
    #[schema(value_type = String, format = Uuid, example = json!(examples::ITEM))]
    pub item_id: PortfolioItemId,
}

impl Input for ItemPath {}

/// `?limit=&cursor=` of a portfolio.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PortfolioQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::ITEM))]
    pub cursor: Option<PortfolioItemId>,
}

impl Input for PortfolioQuery {}

/// `POST /providers/{provider_id}/portfolio`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortfolioPostBody, example = json!({"media_id": MEDIA, "service_id": "haircut", "title": "Layers, 3B"}))]
pub struct ItemPostBody {
    /// A picture or film of the owner's.
    #[schema(value_type = String, format = Uuid)]
    pub media_id: MediaId,
    /// Slug of the service that it shows.
    #[schema(min_length = 1, max_length = 100)]
    service_id: Option<String>,
    /// A few words.
    #[schema(max_length = 200)]
    title: Option<String>,
    /// More of them.
    #[schema(max_length = 2_000)]
    description: Option<String>,
}

impl Input for ItemPostBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        Show::from(self.clone()).problems(catalog)
    }
}

impl From<ItemPostBody> for Show {
    fn from(body: ItemPostBody) -> Self {
        Self {
            service_id: Some(body.service_id),
            title: Some(body.title),
            description: Some(body.description),
        }
    }
}

/// `PATCH /providers/{provider_id}/portfolio/{item_id}`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortfolioPatchBody, example = json!({"title": "Layers on 3B curls", "service_id": null}))]
pub struct ItemPatchBody {
    /// Slug of the service that it shows.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    service_id: Option<Option<String>>,
    /// A few words.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 200)]
    title: Option<Option<String>>,
    /// More of them.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    description: Option<Option<String>>,
}

impl Input for ItemPatchBody {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        Show::from(self.clone()).problems(catalog)
    }
}

impl From<ItemPatchBody> for Show {
    fn from(body: ItemPatchBody) -> Self {
        let ItemPatchBody { service_id, title, description } = body;
        Self { service_id, title, description }
    }
}

/// Something that a provider shows.
#[derive(Serialize, ToSchema)]
#[schema(as = PortfolioItemView, example = json!(examples::item()))]
pub struct ItemView<'a> {
    id: PortfolioItemId,
    /// Slug of the service that it shows.
    service_id: Option<&'a str>,
    title: &'a str,
    description: &'a str,
    media: MediaView,
    created_at: DateTime<Utc>,
}

impl<'a> ItemView<'a> {
    /// The view of something shown. Its links are as for everybody: who may see it, may see it here.
    pub fn new((item, media): &'a Shown, links: &Links) -> Self {
        Self {
            id: item.id,
            service_id: item.service_id.as_deref(),
            title: &item.title,
            description: &item.description,
            media: MediaView::new(media, links, Audience::Public),
            created_at: item.created_at,
        }
    }
}

/// A page of a portfolio, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [examples::item()], "next_cursor": null}))]
pub struct PortfolioView<'a> {
    items: Vec<ItemView<'a>>,
    next_cursor: Option<PortfolioItemId>,
}

impl<'a> PortfolioView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(shown: &'a [Shown], limit: i64, links: &Links) -> Self {
        let items: Vec<_> = shown.iter().take(limit as usize).map(|one| ItemView::new(one, links)).collect();
        let more = shown.len() > items.len();
        Self { next_cursor: items.last().filter(|_| more).map(|item| item.id), items }
    }
}
