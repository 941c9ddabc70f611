use chrono::NaiveDate;
use proxie_shared::domain::providers::{Offered, Profile, ServiceChange};
use proxie_shared::error::Problem;
use proxie_shared::model::ProviderId;
use proxie_shared::model::catalog::{Catalog, ServicePlace};
use proxie_shared::model::providers::{Licence, ProviderService};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{examples, given};
use crate::http::Input;
use crate::views::examples::PROVIDER;
use crate::views::inputs::ListQuery;

/// `/providers/{provider_id}/services/{service_id}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicePath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(PROVIDER))]
    pub provider_id: ProviderId,
    /// Slug of the service in the catalog.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    pub service_id: String,
}

impl Input for ServicePath {}

/// `?limit=&cursor=` of a provider's services.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicesQuery {
    /// How many at most.
    #[schema(minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// Where the last page ended.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    cursor: Option<String>,
}

impl Input for ServicesQuery {}

/// `POST /providers/{provider_id}/services`
pub type ServicePostBody = Offered;

impl Input for Offered {
    fn problems(&self, catalog: &Catalog) -> Vec<Problem> {
        Self::problems(self, catalog)
    }
}

/// `PATCH /providers/{provider_id}/services/{service_id}`: what is left out stays, null takes away.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"price_min_cents": 6_000, "duration_minutes": null}))]
pub struct ServicePatchBody {
    /// In their own words.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, max_length = 2_000)]
    description: Option<Option<String>>,
    /// Where they do it: some of the places where the catalog has it done.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 3, nullable = false)]
    places: Option<Vec<ServicePlace>>,
    /// Least price, in minor units.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100_000_000)]
    price_min_cents: Option<Option<i64>>,
    /// Most, in minor units.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 100_000_000)]
    price_max_cents: Option<Option<i64>>,
    /// ISO 4217.
    #[serde(default)]
    #[schema(pattern = "^[A-Z]{3}$", nullable = false)]
    currency: Option<String>,
    /// How long it usually takes; null: as the catalog says.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i32>, minimum = 5, maximum = 1_440)]
    duration_minutes: Option<Option<i32>>,
    /// Finer skills, as phrases.
    #[serde(default)]
    #[schema(max_items = 20, nullable = false)]
    specializations: Option<Vec<String>>,
    /// Number of the licence: another one waits for an admin.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    licence_number: Option<Option<String>>,
    /// Last day of the licence: another one waits for an admin.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    licence_expires_on: Option<Option<NaiveDate>>,
}

impl Input for ServicePatchBody {
    fn problems(&self, _: &Catalog) -> Vec<Problem> {
        ServiceChange::from(self.clone()).problems()
    }
}

impl From<ServicePatchBody> for ServiceChange {
    fn from(body: ServicePatchBody) -> Self {
        Self {
            description: body.description,
            places: body.places,
            price_min_cents: body.price_min_cents,
            price_max_cents: body.price_max_cents,
            currency: body.currency,
            duration_minutes: body.duration_minutes,
            specializations: body.specializations,
            licence_number: body.licence_number,
            licence_expires_on: body.licence_expires_on,
        }
    }
}

/// What a provider offers.
#[derive(Serialize, ToSchema)]
#[schema(as = ProviderServiceView, example = json!(examples::service()))]
pub struct ServiceView<'a> {
    /// Slug of the service in the catalog.
    service_id: &'a str,
    /// In their own words.
    description: &'a str,
    places: &'a [ServicePlace],
    /// Least price, in minor units.
    price_min_cents: Option<i64>,
    /// Most, in minor units.
    price_max_cents: Option<i64>,
    /// ISO 4217.
    currency: &'a str,
    /// How long it usually takes; null: as the catalog says.
    duration_minutes: Option<i32>,
    /// Finer skills, as phrases.
    specializations: &'a [String],
    licence: Licence,
    /// For the owner only.
    #[schema(value_type = Option<OfferedLicenceView>)]
    licence_details: Option<OfferedLicenceView<'a>>,
}

/// A licence as its holder sees it.
#[derive(Serialize, ToSchema)]
struct OfferedLicenceView<'a> {
    number: Option<&'a str>,
    /// Its last day.
    expires_on: Option<NaiveDate>,
    /// What an admin says of it.
    note: Option<&'a str>,
}

impl<'a> ServiceView<'a> {
    /// The view of a service for its owner, or for others.
    pub fn new(service: &'a ProviderService, is_own: bool) -> Self {
        let details = OfferedLicenceView {
            number: service.licence_number.as_deref(),
            expires_on: service.licence_expires_on,
            note: service.licence_note.as_deref(),
        };
        let has_details = is_own && (service.licence != Licence::NotNeeded || details.number.is_some());
        Self {
            service_id: &service.service_id,
            description: &service.description,
            places: &service.places,
            price_min_cents: service.price_min_cents,
            price_max_cents: service.price_max_cents,
            currency: &service.currency,
            duration_minutes: service.duration_minutes,
            specializations: &service.specializations,
            licence: service.licence,
            licence_details: has_details.then_some(details),
        }
    }
}

/// A page of what a provider offers, by slugs.
#[derive(Serialize, ToSchema)]
#[schema(as = ProviderServicesView, example = json!({"items": [examples::service()], "next_cursor": null}))]
pub struct ServicesView<'a> {
    items: Vec<ServiceView<'a>>,
    next_cursor: Option<&'a str>,
}

impl<'a> ServicesView<'a> {
    /// The page that is asked for.
    pub fn new(profile: &'a Profile, query: &ServicesQuery) -> Self {
        let limit = query.limit.unwrap_or(ListQuery::LIMIT) as usize;
        let mut seen = profile.seen(query.cursor.as_deref());
        let items: Vec<_> =
            seen.by_ref().take(limit).map(|service| ServiceView::new(service, profile.is_own)).collect();
        let more = seen.next().is_some();
        Self { next_cursor: items.last().filter(|_| more).map(|item| item.service_id), items }
    }
}
