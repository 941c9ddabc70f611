use proxie_shared::error::Problem;
use proxie_shared::model::catalog::{Catalog, Category, DurationRange, PriceRange, Service, ServicePlace};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use super::inputs::ListQuery;
use crate::http::Input;

/// `?limit=&cursor=` of the catalog: of its categories.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogQuery {
    /// How many categories at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<usize>,
    /// Where the last page ended.
    #[schema(min_length = 1, max_length = 100, example = "hair_beauty")]
    cursor: Option<String>,
}

impl CatalogQuery {
    /// The categories of the page, and where it ends if there is another.
    pub fn page<'a>(&self, catalog: &'a Catalog) -> (&'a [Category], Option<&'a str>) {
        let all = catalog.categories();
        let cursor = self.cursor.as_deref();
        let begin = cursor.and_then(|cursor| all.iter().position(|category| category.id == cursor));
        let rest = &all[begin.map_or(0, |at| at + 1)..];
        let page = &rest[..rest.len().min(self.limit.unwrap_or(ListQuery::LIMIT as usize))];
        let last = page.last().filter(|_| page.len() < rest.len());
        (page, last.map(|category| category.id.as_str()))
    }
}

impl Input for CatalogQuery {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        match &self.cursor {
            Some(cursor) if catalog.category(cursor).is_none() => {
                vec![Problem::new("/cursor", "This is not where a page ends. Begin without a cursor.")]
            }
            _ => Vec::new(),
        }
    }
}

/// `…/catalog/{category_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryPath {
    /// Slug of the category.
    #[schema(min_length = 1, max_length = 100, example = "hair_beauty")]
    pub category_id: String,
}

impl Input for CategoryPath {}

/// `…/catalog/{category_id}` of a category that may be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategorySlug {
    /// Slug of the category.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,99}$", example = "hair_beauty")]
    pub category_id: String,
}

impl Input for CategorySlug {}

/// `…/services/{service_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePath {
    /// Slug of the service.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    pub service_id: String,
}

impl Input for ServicePath {}

/// `…/services/{service_id}` of a service that may be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceSlug {
    /// Slug of the service.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,99}$", example = "haircut")]
    pub service_id: String,
}

impl Input for ServiceSlug {}

/// `PUT /services/catalog/{category_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Hair & beauty", "description": "Cuts, colour, braids, make-up and nails."}))]
pub struct CategoryBody {
    /// For people.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// A sentence.
    #[schema(max_length = 2_000)]
    description: String,
}

impl CategoryBody {
    /// The category that is meant, which keeps its services.
    pub fn category(&self, id: &str) -> Category {
        Category {
            id: id.to_owned(),
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
            services: Vec::new(),
        }
    }
}

impl Input for CategoryBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        blank("/name", &self.name).into_iter().collect()
    }
}

/// `PUT /services/services/{service_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::service_body()))]
pub struct ServiceBody {
    /// Slug of its category.
    #[schema(min_length = 1, max_length = 100)]
    pub category_id: String,
    /// For people.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// A sentence.
    #[schema(max_length = 2_000)]
    description: String,
    /// Whether a licence is needed to offer it.
    licensed: bool,
    /// Where it can be done.
    #[schema(min_items = 1, max_items = 3)]
    places: Vec<ServicePlace>,
    /// Portfolio photos that a provider must show.
    #[schema(minimum = 0, maximum = 20)]
    min_photos: u32,
    /// Typical price.
    price: PriceRange,
    /// Typical duration.
    duration_minutes: DurationRange,
    /// Phrases that people use for finer skills.
    #[schema(max_items = 50)]
    specializations: Vec<Specialization>,
}

/// A phrase for a finer skill.
#[derive(Deserialize, ToSchema)]
#[schema(min_length = 1, max_length = 200)]
struct Specialization(String);

impl ServiceBody {
    /// The service that is meant.
    pub fn service(&self, id: &str) -> Service {
        Service {
            id: id.to_owned(),
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
            licensed: self.licensed,
            places: self.places.clone(),
            min_photos: self.min_photos,
            price: self.price.clone(),
            duration_minutes: self.duration_minutes.clone(),
            specializations: self.specializations.iter().map(|phrase| phrase.0.trim().to_owned()).collect(),
        }
    }
}

impl Input for ServiceBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        let mut problems: Vec<Problem> = blank("/name", &self.name).into_iter().collect();
        if self.price.min_cents > self.price.max_cents {
            problems.push(Problem::new("/price", "The least price is more than the most."));
        }
        if self.duration_minutes.min > self.duration_minutes.max {
            problems.push(Problem::new("/duration_minutes", "The least duration is more than the most."));
        }
        let is_twice = |at: usize| self.places[..at].contains(&self.places[at]);
        if (0..self.places.len()).any(is_twice) {
            problems.push(Problem::new("/places", "Name each place once."));
        }
        for (at, phrase) in self.specializations.iter().enumerate() {
            problems.extend(blank(&format!("/specializations/{at}"), &phrase.0));
        }
        problems
    }
}

/// What is wrong with a text that people are to read, if it is nothing but spaces.
fn blank(pointer: &str, text: &str) -> Option<Problem> {
    text.trim().is_empty().then(|| Problem::new(pointer, "Must not be blank."))
}

/// The catalog in short: a page of its categories.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::catalog()))]
pub struct CatalogView<'a> {
    items: Vec<CategorySummaryView<'a>>,
    next_cursor: Option<&'a str>,
}

/// A category in short.
#[derive(Serialize, ToSchema)]
struct CategorySummaryView<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    services: Vec<ServiceSummaryView<'a>>,
}

/// A service in short.
#[derive(Serialize, ToSchema)]
struct ServiceSummaryView<'a> {
    id: &'a str,
    name: &'a str,
    /// Whether a licence is needed to offer it.
    licensed: bool,
}

impl<'a> CatalogView<'a> {
    /// A page of categories, and where it ends if there is another.
    pub fn new(page: &'a [Category], next_cursor: Option<&'a str>) -> Self {
        let short = |service: &'a Service| ServiceSummaryView {
            id: &service.id,
            name: &service.name,
            licensed: service.licensed,
        };
        let summary = |category: &'a Category| CategorySummaryView {
            id: &category.id,
            name: &category.name,
            description: &category.description,
            services: category.services.iter().map(short).collect(),
        };
        Self { items: page.iter().map(summary).collect(), next_cursor }
    }
}

/// The catalog with all that is known: a page of its categories.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::full_catalog()))]
pub struct FullCatalogView<'a> {
    items: Vec<CategoryView<'a>>,
    next_cursor: Option<&'a str>,
}

impl<'a> FullCatalogView<'a> {
    /// A page of categories, and where it ends if there is another.
    pub fn new(page: &'a [Category], next_cursor: Option<&'a str>) -> Self {
        Self { items: page.iter().map(CategoryView::new).collect(), next_cursor }
    }
}

/// A category with its services.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::category()))]
pub struct CategoryView<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    services: Vec<ServiceView<'a>>,
}

impl<'a> CategoryView<'a> {
    /// The view of a category.
    pub fn new(category: &'a Category) -> Self {
        let view = |service| ServiceView::new(&category.id, service);
        Self {
            id: &category.id,
            name: &category.name,
            description: &category.description,
            services: category.services.iter().map(view).collect(),
        }
    }
}

/// A service with all that is known of it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::service()))]
pub struct ServiceView<'a> {
    id: &'a str,
    category_id: &'a str,
    name: &'a str,
    description: &'a str,
    /// Whether a licence is needed to offer it.
    licensed: bool,
    /// Where it can be done.
    places: &'a [ServicePlace],
    /// Portfolio photos that a provider must show.
    min_photos: u32,
    /// Typical price.
    price: &'a PriceRange,
    /// Typical duration.
    duration_minutes: &'a DurationRange,
    /// Phrases that people use for finer skills.
    specializations: &'a [String],
}

impl<'a> ServiceView<'a> {
    /// The view of a service of a category.
    pub fn new(category_id: &'a str, service: &'a Service) -> Self {
        Self {
            id: &service.id,
            category_id,
            name: &service.name,
            description: &service.description,
            licensed: service.licensed,
            places: &service.places,
            min_photos: service.min_photos,
            price: &service.price,
            duration_minutes: &service.duration_minutes,
            specializations: &service.specializations,
        }
    }
}
