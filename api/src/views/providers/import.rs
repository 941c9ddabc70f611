use chrono::{DateTime, Utc};
use proxie_shared::domain::import::{Import, Review};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PostBody;
use crate::http::Input;

/// What a line of an import has beside the body of `POST /providers`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderImportBody, example = json!({
    "external_id": "crm-1042",
    "reviews": [{"author": "Maya", "rating": 5, "text": "Lovely curls.", "created_at": "2026-05-04T16:20:00Z"}]
}))]
pub struct ImportBody {
    /// The importer's own name of it: imported once.
    #[schema(min_length = 1, max_length = 200)]
    external_id: String,
    /// What was said of them elsewhere.
    #[schema(max_items = 1_000)]
    reviews: Option<Vec<ImportedReview>>,
}

/// What was said of a provider elsewhere.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportedReview {
    /// By whom; their first name is kept.
    #[schema(max_length = 200)]
    author: Option<String>,
    /// All in all.
    #[schema(minimum = 1, maximum = 5)]
    rating: i32,
    /// In their words.
    #[schema(max_length = 5_000)]
    text: Option<String>,
    /// What the provider said to it.
    #[schema(max_length = 5_000)]
    response: Option<String>,
    /// When it was written.
    created_at: DateTime<Utc>,
}

impl Input for ImportBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        Import::problems(&self.external_id, &self.reviews())
    }
}

impl ImportBody {
    /// The fields that are not of `POST /providers`.
    pub const FIELDS: [&str; 2] = ["external_id", "reviews"];

    /// All of a line.
    pub fn with(self, body: PostBody) -> Import {
        Import { reviews: self.reviews(), external_id: self.external_id, business: body.into() }
    }

    fn reviews(&self) -> Vec<Review> {
        self.reviews.iter().flatten().cloned().map(Review::from).collect()
    }
}

impl From<ImportedReview> for Review {
    fn from(said: ImportedReview) -> Self {
        Self {
            author: said.author.unwrap_or_default(),
            rating: said.rating,
            text: said.text.unwrap_or_default(),
            response: said.response,
            created_at: said.created_at,
        }
    }
}
