use chrono::NaiveDate;
use proxie_shared::domain::licences::Verdict;
use proxie_shared::model::ProviderId;
use proxie_shared::model::providers::{Licence, ProviderService};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::examples;
use crate::http::Input;

/// `…/{provider_id}/services/{service_id}/verify`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicencePath {
    /// The provider.
    #[schema(value_type = String, format = Uuid, example = json!(examples::PROVIDER))]
    pub provider_id: ProviderId,
    /// Slug of the service.
    #[schema(min_length = 1, max_length = 100, example = "pipe_repair")]
    pub service_id: String,
}

impl Input for LicencePath {}

/// `PUT …/verify`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"approved": true, "licence_number": "NYC-LMP-1234", "licence_expires_on": "2028-06-30"}))]
pub struct VerifyBody {
    /// Whether it is in order.
    approved: bool,
    /// Its number; as the provider said it if absent.
    #[schema(min_length = 1, max_length = 100)]
    licence_number: Option<String>,
    /// Its last day; as the provider said it if absent.
    licence_expires_on: Option<NaiveDate>,
    /// Why, for the provider.
    #[schema(max_length = 1_000)]
    note: Option<String>,
}

impl Input for VerifyBody {}

impl From<VerifyBody> for Verdict {
    fn from(body: VerifyBody) -> Self {
        let VerifyBody { approved, licence_number, licence_expires_on, note } = body;
        Self { approved, licence_number, licence_expires_on, note }
    }
}

/// A provider's licence for a service.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(examples::licence()))]
pub struct LicenceView<'a> {
    provider_id: ProviderId,
    service_id: &'a str,
    licence: Licence,
    licence_number: Option<&'a str>,
    /// Its last day.
    licence_expires_on: Option<NaiveDate>,
    /// Why, for the provider.
    note: Option<&'a str>,
}

impl<'a> LicenceView<'a> {
    /// The view of a service's licence.
    pub fn new(service: &'a ProviderService) -> Self {
        Self {
            provider_id: service.provider_id,
            service_id: &service.service_id,
            licence: service.licence,
            licence_number: service.licence_number.as_deref(),
            licence_expires_on: service.licence_expires_on,
            note: service.licence_note.as_deref(),
        }
    }
}
