use chrono::{DateTime, Utc};
use proxie_shared::domain::enrollment::EnrollmentFields;
use proxie_shared::domain::export::{Export, ExportedBusiness};
use proxie_shared::model::calendar::Availability;
use proxie_shared::model::enrollment::{Enrollment, EnrollmentStatus};
use proxie_shared::model::providers::PortfolioItem;
use proxie_shared::model::{EnrollmentId, MediaId, PortfolioItemId, ProviderId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{ExportedMove, moves_of};
use crate::views::providers::{ProfileView, ServiceView, SettingsView, TemplateView};

/// How somebody became a provider, or is about to.
#[derive(Serialize, ToSchema)]
pub struct ExportedEnrollment<'a> {
    id: EnrollmentId,
    status: EnrollmentStatus,
    /// What is filled in.
    #[schema(value_type = EnrollmentFields)]
    fields: &'a Value,
    /// Why it was rejected.
    reasons: &'a [String],
    /// The provider that it became.
    provider_id: Option<ProviderId>,
    history: Vec<ExportedMove<'a>>,
    expires_at: DateTime<Utc>,
    submitted_at: Option<DateTime<Utc>>,
    decided_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A business with all it says, offers and shows.
#[derive(Serialize, ToSchema)]
pub struct ExportedBusinessView<'a> {
    profile: ProfileView<'a>,
    /// Its photo.
    #[schema(value_type = Option<uuid::Uuid>)]
    photo_id: Option<MediaId>,
    settings: SettingsView,
    /// What it offers, with licences.
    services: Vec<ServiceView<'a>>,
    /// When it works.
    availability: Option<&'a Availability>,
    portfolio: Vec<ExportedItem<'a>>,
    /// How it words offers.
    templates: Vec<TemplateView<'a>>,
    history: Vec<ExportedMove<'a>>,
}

/// Something that a business shows.
#[derive(Serialize, ToSchema)]
struct ExportedItem<'a> {
    id: PortfolioItemId,
    /// Slug of the service that it shows.
    service_id: Option<&'a str>,
    title: &'a str,
    description: &'a str,
    #[schema(value_type = String, format = Uuid)]
    media_id: MediaId,
    created_at: DateTime<Utc>,
}

impl<'a> ExportedEnrollment<'a> {
    /// An enrollment with how it moved.
    pub fn new(enrollment: &'a Enrollment, export: &'a Export) -> Self {
        Self {
            id: enrollment.id,
            status: enrollment.status,
            fields: &enrollment.fields,
            reasons: &enrollment.reasons,
            provider_id: enrollment.provider_id,
            history: moves_of(export, enrollment.id.0),
            expires_at: enrollment.expires_at,
            submitted_at: enrollment.submitted_at,
            decided_at: enrollment.decided_at,
            created_at: enrollment.created_at,
            updated_at: enrollment.updated_at,
        }
    }
}

impl<'a> ExportedBusinessView<'a> {
    /// A business with how it moved.
    pub fn new(business: &'a ExportedBusiness, export: &'a Export) -> Self {
        let ExportedBusiness { card, provider, services, availability, portfolio, templates } = business;
        Self {
            profile: ProfileView::new(card, provider, true),
            photo_id: provider.photo_id,
            settings: SettingsView::from(provider),
            services: services.iter().map(|service| ServiceView::new(service, true)).collect(),
            availability: availability.as_ref(),
            portfolio: portfolio.iter().map(ExportedItem::from).collect(),
            templates: templates.iter().map(TemplateView::from).collect(),
            history: moves_of(export, provider.id.0),
        }
    }
}

impl<'a> From<&'a PortfolioItem> for ExportedItem<'a> {
    fn from(item: &'a PortfolioItem) -> Self {
        Self {
            id: item.id,
            service_id: item.service_id.as_deref(),
            title: &item.title,
            description: &item.description,
            media_id: item.media_id,
            created_at: item.created_at,
        }
    }
}
