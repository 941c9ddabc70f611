use proxie_shared::db::providers::{After, Found, Order};
use proxie_shared::domain::providers::Wish;
use proxie_shared::error::Problem;
use proxie_shared::model::ProviderId;
use proxie_shared::model::catalog::Catalog;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ProviderView, examples};
use crate::http::Input;
use crate::views::inputs::ListQuery;

/// What comes first.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProviderSort)]
enum Sort {
    /// The best rated; who has fewer than three reviews comes last.
    Rating,
    /// The nearest; needs `lat` and `lng`.
    Distance,
    /// The cheapest of what is asked for; who says no price comes last.
    Price,
    /// Who came last.
    Newest,
}

/// `GET /providers`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Slug of a category: who offers something of it.
    #[schema(min_length = 1, max_length = 100, example = "hair_beauty")]
    category_id: Option<String>,
    /// Slug of a service: who offers it.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    service_id: Option<String>,
    /// Words that they all say of themselves or of what they offer, or that these begin with; up to eight count.
    #[schema(min_length = 1, max_length = 200, example = "curly hair")]
    q: Option<String>,
    /// The city that they work from, whatever the case and spaces.
    #[schema(min_length = 1, max_length = 200, example = "Brooklyn")]
    city: Option<String>,
    /// Degrees north of where to look around; with `lng`.
    #[schema(minimum = -90, maximum = 90, example = 40.68)]
    lat: Option<f64>,
    /// Degrees east of where to look around; with `lat`.
    #[schema(minimum = -180, maximum = 180, example = -73.94)]
    lng: Option<f64>,
    /// How far around, in kilometres; 25 if absent.
    #[schema(minimum = 2, maximum = 500, example = 10)]
    radius_km: Option<f64>,
    /// Who is rated at least so, by three or more.
    #[schema(minimum = 1, maximum = 5, example = 4.5)]
    min_rating: Option<f64>,
    /// Who has a licence that was seen and is in order.
    #[schema(example = false)]
    verified: Option<bool>,
    /// What comes first; the best rated if absent.
    #[schema(value_type = Option<String>, pattern = "^(rating|distance|price|newest)$", example = "distance")]
    sort: Option<Sort>,
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// Where the last page of the same search ended.
    #[schema(
        pattern = "^[0-9]{1,16}([.][0-9]{1,40})?_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        example = json!(examples::CURSOR)
    )]
    cursor: Option<String>,
}

impl Input for SearchQuery {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        self.wish().problems(catalog)
    }
}

impl SearchQuery {
    /// How many are asked for at most.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(ListQuery::LIMIT)
    }

    /// Whom somebody looks for, and one more, to know whether there is a next page.
    pub fn wish(&self) -> Wish {
        let order = match self.sort {
            None | Some(Sort::Rating) => Order::Rating,
            Some(Sort::Distance) => Order::Distance,
            Some(Sort::Price) => Order::Price,
            Some(Sort::Newest) => Order::Newest,
        };
        Wish {
            category_id: self.category_id.clone(),
            service_id: self.service_id.clone(),
            q: self.q.clone(),
            city: self.city.clone(),
            latitude: self.lat,
            longitude: self.lng,
            radius_km: self.radius_km,
            min_rating: self.min_rating,
            verified: self.verified.unwrap_or(false),
            order,
            after: self.cursor.as_deref().and_then(after),
            limit: self.limit() + 1,
        }
    }
}

fn after(cursor: &str) -> Option<After> {
    let (key, id) = cursor.split_once('_')?;
    Some(After { key: key.parse().ok()?, id: id.parse::<ProviderId>().ok()? })
}

/// A provider that was found: its card, and how far it is.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundProviderView, example = json!(examples::found()))]
pub struct FoundView<'a> {
    #[serde(flatten)]
    card: ProviderView<'a>,
    /// From the place that is asked about, to about where the provider is.
    distance_km: Option<f64>,
}

/// A page of providers that were found.
#[derive(Serialize, ToSchema)]
#[schema(as = FoundProvidersView, example = json!({"items": [examples::found()], "next_cursor": examples::CURSOR}))]
pub struct SearchView<'a> {
    items: Vec<FoundView<'a>>,
    next_cursor: Option<String>,
}

impl<'a> SearchView<'a> {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(found: &'a [Found], limit: i64) -> Self {
        let page = &found[..found.len().min(limit as usize)];
        let more = found.len() > page.len();
        let last = page.last().filter(|_| more);
        let items = page.iter().map(|one| FoundView {
            card: ProviderView::new(&one.card),
            distance_km: one.distance_km.map(|km| (km * 10.0).round() / 10.0),
        });
        Self { items: items.collect(), next_cursor: last.map(|one| format!("{}_{}", one.key, one.card.id)) }
    }
}
