use chrono::{DateTime, Utc};
use proxie_shared::db::export::RoutedRow;
use proxie_shared::domain::bookings::BookingDetails;
use proxie_shared::domain::export::Export;
use proxie_shared::matching::Factor;
use proxie_shared::model::catalog::ServicePlace;
use proxie_shared::model::money::Budget;
use proxie_shared::model::offers::{Offer, OfferSlot, OfferStatus};
use proxie_shared::model::places::Location;
use proxie_shared::model::requests::{Request, RequestStatus, Urgency};
use proxie_shared::model::reviews::Review;
use proxie_shared::model::{BookingId, MediaId, OfferId, ProviderId, RequestId};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ExportedMove, moves_of};
use crate::views::bookings::BookingView;
use crate::views::requests::{WindowView, budget, location};
use crate::views::reviews::ReviewView;

/// A request.
#[derive(Serialize, ToSchema)]
pub struct ExportedRequest<'a> {
    id: RequestId,
    status: RequestStatus,
    service_id: &'a str,
    city: &'a str,
    location: Option<Location>,
    place: Option<ServicePlace>,
    max_distance_km: Option<f64>,
    zone: &'a str,
    window: Option<WindowView>,
    urgency: Urgency,
    budget: Option<Budget>,
    description: &'a str,
    specializations: Vec<&'a str>,
    /// The photos that hang on it, in order.
    #[schema(value_type = Vec<uuid::Uuid>)]
    media: Vec<MediaId>,
    /// Whom it was routed to.
    matches: Vec<ExportedMatch>,
    history: Vec<ExportedMove<'a>>,
    /// When it was last matched.
    matched_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// A provider that a request was routed to.
#[derive(Serialize, ToSchema)]
struct ExportedMatch {
    provider_id: ProviderId,
    /// 0 to 1.
    score: f64,
    factors: Vec<Factor>,
    /// With which routing, from 1.
    round: i32,
    routed_at: DateTime<Utc>,
    /// Whether they have looked.
    viewed: bool,
    /// Whether they have passed.
    passed: bool,
}

/// A request that was routed to the business; what it asks for is its consumer's.
#[derive(Serialize, ToSchema)]
pub struct ExportedLead<'a> {
    request_id: RequestId,
    /// 0 to 1.
    score: f64,
    factors: Vec<Factor>,
    routed_at: DateTime<Utc>,
    viewed_at: Option<DateTime<Utc>>,
    /// When it was offered for or passed, for the first time.
    answered_at: Option<DateTime<Utc>>,
    passed_at: Option<DateTime<Utc>>,
    /// Why it was passed.
    pass_reason: Option<&'a str>,
}

/// An offer.
#[derive(Serialize, ToSchema)]
pub struct ExportedOffer<'a> {
    id: OfferId,
    request_id: RequestId,
    provider_id: ProviderId,
    /// Whether the business made it; else it was received.
    made: bool,
    service_id: &'a str,
    status: OfferStatus,
    /// In minor units.
    price_cents: i64,
    /// ISO 4217.
    currency: &'a str,
    price_notes: &'a str,
    duration_minutes: i32,
    message: &'a str,
    /// Whether the provider's agent made it by their rules.
    automatic: bool,
    slots: Vec<ExportedSlot>,
    history: Vec<ExportedMove<'a>>,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

/// A slot of an offer.
#[derive(Serialize, ToSchema)]
struct ExportedSlot {
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
}

/// A booking as the reader's side sees it.
#[derive(Serialize, ToSchema)]
pub struct ExportedBooking<'a> {
    #[serde(flatten)]
    booking: BookingView,
    history: Vec<ExportedMove<'a>>,
}

/// What was said of bookings.
#[derive(Serialize, ToSchema)]
pub struct ExportedReviews<'a> {
    /// Of others.
    pub written: Vec<ExportedReview<'a>>,
    /// Of the business.
    pub received: Vec<ExportedReview<'a>>,
}

/// A review.
#[derive(Serialize, ToSchema)]
pub struct ExportedReview<'a> {
    /// Null for what was brought along from elsewhere.
    booking_id: Option<BookingId>,
    #[serde(flatten)]
    review: ReviewView<'a>,
}

fn factors(row: &RoutedRow) -> Vec<Factor> {
    // Written by the matcher: they are read as they were written.
    serde_json::from_value(row.factors.clone()).unwrap_or_default()
}

impl<'a> ExportedRequest<'a> {
    /// A request with what hangs on it.
    pub fn new(request: &'a Request, export: &'a Export) -> Self {
        let matches = export.matches.get(&request.id).into_iter().flatten();
        Self {
            window: WindowView::of(request),
            budget: budget(request),
            location: location(request),
            specializations: request.specializations.iter().flatten().map(String::as_str).collect(),
            media: export
                .request_media
                .get(&request.id)
                .into_iter()
                .flatten()
                .map(|photo| photo.id)
                .collect(),
            matches: matches.map(ExportedMatch::from).collect(),
            history: moves_of(export, request.id.0),
            id: request.id,
            status: request.status,
            service_id: &request.service_id,
            city: &request.city,
            place: request.place,
            max_distance_km: request.max_distance_km,
            zone: &request.zone,
            urgency: request.urgency,
            description: &request.description,
            matched_at: request.matched_at,
            expires_at: request.expires_at,
            created_at: request.created_at,
        }
    }
}

impl From<&RoutedRow> for ExportedMatch {
    fn from(row: &RoutedRow) -> Self {
        Self {
            provider_id: row.provider_id,
            score: row.score,
            factors: factors(row),
            round: row.round,
            routed_at: row.routed_at,
            viewed: row.viewed_at.is_some(),
            passed: row.passed_at.is_some(),
        }
    }
}

impl<'a> From<&'a RoutedRow> for ExportedLead<'a> {
    fn from(row: &'a RoutedRow) -> Self {
        Self {
            request_id: row.request_id,
            score: row.score,
            factors: factors(row),
            routed_at: row.routed_at,
            viewed_at: row.viewed_at,
            answered_at: row.answered_at,
            passed_at: row.passed_at,
            pass_reason: row.pass_reason.as_deref(),
        }
    }
}

impl<'a> ExportedOffer<'a> {
    /// An offer with its slots.
    pub fn new(offer: &'a Offer, export: &'a Export) -> Self {
        let own = export.business.as_ref().map(|business| business.provider.id);
        let slot = |slot: &OfferSlot| ExportedSlot { start_at: slot.start_at, end_at: slot.end_at };
        let slots = export.offer_slots.get(&offer.id).into_iter().flatten();
        Self {
            id: offer.id,
            request_id: offer.request_id,
            provider_id: offer.provider_id,
            made: own == Some(offer.provider_id),
            service_id: &offer.service_id,
            status: offer.status,
            price_cents: offer.price_cents,
            currency: &offer.currency,
            price_notes: &offer.price_notes,
            duration_minutes: offer.duration_minutes,
            message: &offer.message,
            automatic: offer.automatic,
            slots: slots.map(slot).collect(),
            history: moves_of(export, offer.id.0),
            expires_at: offer.expires_at,
            created_at: offer.created_at,
        }
    }
}

impl<'a> ExportedBooking<'a> {
    /// A booking with how it moved.
    pub fn new(details: &BookingDetails, export: &'a Export) -> Self {
        Self { booking: BookingView::from(details), history: moves_of(export, details.booking.id.0) }
    }
}

impl<'a> From<&'a Review> for ExportedReview<'a> {
    fn from(review: &'a Review) -> Self {
        Self { booking_id: review.booking_id, review: ReviewView::from(review) }
    }
}
