use chrono::{DateTime, Utc};
use proxie_shared::db::reviews::Aggregate;
use proxie_shared::domain::reviews::{Said, SaidOf};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::reviews::Review;
use proxie_shared::model::{BookingId, ProviderId, ReviewId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `/reviews/provider/{provider_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderReviewsPath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(examples::PROVIDER))]
    pub provider_id: ProviderId,
}

impl Input for ProviderReviewsPath {}

/// `/reviews/{review_id}/…`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewPath {
    /// The review.
    #[schema(value_type = String, format = Uuid, example = json!(examples::REVIEW))]
    pub review_id: ReviewId,
}

impl Input for ReviewPath {}

/// `?limit=&cursor=` of reviews.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewsQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    pub limit: Option<i64>,
    /// Where the last page ended.
    #[schema(value_type = Option<String>, format = Uuid, example = json!(examples::REVIEW))]
    pub cursor: Option<ReviewId>,
}

impl Input for ReviewsQuery {}

/// `POST /reviews`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::review_posted()))]
pub struct ReviewBody {
    /// The booking.
    booking_id: BookingId,
    /// All in all.
    #[schema(minimum = 1, maximum = 5)]
    rating: i32,
    /// In detail.
    breakdown: Option<Breakdown>,
    /// In the consumer's words.
    #[schema(max_length = 5_000)]
    text: Option<String>,
}

impl Input for ReviewBody {}

/// A rating in detail: as much of it as somebody wants to say.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// How good the work was.
    #[schema(minimum = 1, maximum = 5)]
    quality: Option<i32>,
    /// Whether they came in time.
    #[schema(minimum = 1, maximum = 5)]
    punctuality: Option<i32>,
    /// How well one could talk with them.
    #[schema(minimum = 1, maximum = 5)]
    communication: Option<i32>,
    /// What it was worth.
    #[schema(minimum = 1, maximum = 5)]
    value: Option<i32>,
}

impl From<ReviewBody> for Said {
    fn from(body: ReviewBody) -> Self {
        let Breakdown { quality, punctuality, communication, value } = body.breakdown.unwrap_or_default();
        Self {
            booking_id: body.booking_id,
            rating: body.rating,
            quality,
            punctuality,
            communication,
            value,
            text: body.text.unwrap_or_default(),
        }
    }
}

/// `PUT /reviews/{review_id}/response`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Thank you, Maya. See you in six weeks!"}))]
pub struct ResponseBody {
    /// In the provider's words.
    #[schema(min_length = 1, max_length = 5_000)]
    pub text: String,
}

impl Input for ResponseBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let blank = self.text.trim().is_empty();
        blank.then(|| Problem::new("/text", "Say something.")).into_iter().collect()
    }
}

/// A review.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::review()))]
pub struct ReviewView<'a> {
    id: ReviewId,
    provider_id: ProviderId,
    /// A first name; null if they did not say one, or have left.
    author: Option<&'a str>,
    rating: i32,
    breakdown: Breakdown,
    text: &'a str,
    /// What the provider says to it.
    response: Option<&'a str>,
    responded_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl<'a> From<&'a Review> for ReviewView<'a> {
    fn from(review: &'a Review) -> Self {
        Self {
            id: review.id,
            provider_id: review.provider_id,
            author: Some(review.author.as_str()).filter(|author| !author.is_empty()),
            rating: review.rating,
            breakdown: Breakdown {
                quality: review.quality,
                punctuality: review.punctuality,
                communication: review.communication,
                value: review.value,
            },
            text: &review.text,
            response: review.response.as_deref(),
            responded_at: review.responded_at,
            created_at: review.created_at,
        }
    }
}

/// A page of what was said of a provider.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::reviews()))]
pub struct ProviderReviewsView<'a> {
    /// What all reviews say together; null below three.
    aggregate: Option<AggregateView>,
    items: Vec<ReviewView<'a>>,
    next_cursor: Option<ReviewId>,
}

/// What all reviews of a provider say together.
#[derive(Serialize, ToSchema)]
struct AggregateView {
    average: Option<f64>,
    count: i32,
    breakdown: BreakdownMeans,
    distribution: Distribution,
}

/// Means of those who said.
#[derive(Serialize, ToSchema)]
struct BreakdownMeans {
    quality: Option<f64>,
    punctuality: Option<f64>,
    communication: Option<f64>,
    value: Option<f64>,
}

/// How many gave which rating.
#[derive(Serialize, ToSchema)]
struct Distribution {
    #[serde(rename = "1")]
    ones: i32,
    #[serde(rename = "2")]
    twos: i32,
    #[serde(rename = "3")]
    threes: i32,
    #[serde(rename = "4")]
    fours: i32,
    #[serde(rename = "5")]
    fives: i32,
}

impl<'a> ProviderReviewsView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(said: &'a SaidOf, limit: i64) -> Self {
        let shown = &said.reviews[..said.reviews.len().min(limit as usize)];
        let more = said.reviews.len() > shown.len();
        Self {
            aggregate: said.aggregate.map(AggregateView::from),
            items: shown.iter().map(ReviewView::from).collect(),
            next_cursor: shown.last().filter(|_| more).map(|review| review.id),
        }
    }
}

impl From<Aggregate> for AggregateView {
    fn from(all: Aggregate) -> Self {
        let Aggregate { count, average, quality, punctuality, communication, value, .. } = all;
        let Aggregate { ones, twos, threes, fours, fives, .. } = all;
        Self {
            average,
            count,
            breakdown: BreakdownMeans { quality, punctuality, communication, value },
            distribution: Distribution { ones, twos, threes, fours, fives },
        }
    }
}
