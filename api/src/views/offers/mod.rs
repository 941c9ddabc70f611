mod bodies;

pub use bodies::{
    AcceptBody, DeclineBody, NamedSlotBody, OfferBody, OfferPath, OffersOfPath, OffersOfQuery, OffersQuery,
};
use chrono::{DateTime, Utc};
use proxie_shared::domain::offers::OfferDetails;
use proxie_shared::model::offers::OfferStatus;
use proxie_shared::model::slots::Slot;
use proxie_shared::model::{BookingId, OfferId, ProviderId, RequestId};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::examples;

/// What this is about in the examples.
pub const OFFER: &str = "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73";
/// What became of it.
pub const BOOKING: &str = "01a20c42-91e7-7d18-a2f5-60b3c7d9e814";

/// An offer as both sides see it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example()))]
pub struct OfferView {
    id: OfferId,
    request_id: RequestId,
    provider_id: ProviderId,
    /// The provider as it was when it offered.
    provider: SnapshotView,
    service_id: String,
    status: OfferStatus,
    /// In minor units.
    price_cents: i64,
    /// ISO 4217.
    currency: String,
    price_notes: String,
    duration_minutes: i32,
    message: String,
    /// Whether the provider's agent made it by their rules.
    automatic: bool,
    slots: Vec<OfferSlotView>,
    /// Why it ended, where that was said: `time_over`, `slots_gone`, `another_accepted`, or in somebody's words.
    reason: Option<String>,
    /// What it became.
    booking_id: Option<BookingId>,
    /// When it lapses.
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A provider as it was when it offered.
#[derive(Serialize, ToSchema)]
struct SnapshotView {
    name: String,
    city: String,
    /// Mean rating 1 to 5; null below three reviews.
    rating: Option<f64>,
    review_count: i64,
    /// Jobs done through here.
    completed_jobs: i64,
}

/// A slot of an offer, by the provider's clocks.
#[derive(Serialize, ToSchema)]
struct OfferSlotView {
    #[serde(flatten)]
    slot: Slot,
    /// Whether it could be booked now.
    free: bool,
    /// Until when it is good, if it is named in place of one that was taken.
    good_until: Option<DateTime<Utc>>,
}

/// A page of offers, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [example()], "next_cursor": null}))]
pub struct OffersView {
    items: Vec<OfferView>,
    next_cursor: Option<String>,
}

impl From<&OfferDetails> for OfferView {
    fn from(details: &OfferDetails) -> Self {
        let OfferDetails { offer, status, slots, reason, booking_id } = details.clone();
        let text = |name: &str| offer.snapshot[name].as_str().unwrap_or_default().to_owned();
        let number = |name: &str| offer.snapshot[name].as_i64().unwrap_or_default();
        let provider = SnapshotView {
            name: text("name"),
            city: text("city"),
            rating: offer.snapshot["rating"].as_f64(),
            review_count: number("review_count"),
            completed_jobs: number("completed_jobs"),
        };
        let slot = |shown: proxie_shared::domain::offers::ShownSlot| OfferSlotView {
            slot: shown.slot,
            free: shown.free,
            good_until: shown.good_until,
        };
        Self {
            id: offer.id,
            request_id: offer.request_id,
            provider_id: offer.provider_id,
            provider,
            service_id: offer.service_id,
            status,
            price_cents: offer.price_cents,
            currency: offer.currency,
            price_notes: offer.price_notes,
            duration_minutes: offer.duration_minutes,
            message: offer.message,
            automatic: offer.automatic,
            slots: slots.into_iter().map(slot).collect(),
            reason,
            booking_id,
            expires_at: offer.expires_at,
            created_at: offer.created_at,
            updated_at: offer.updated_at,
        }
    }
}

impl OffersView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(offers: &[OfferDetails], limit: i64) -> Self {
        let items: Vec<OfferView> = offers.iter().take(limit as usize).map(OfferView::from).collect();
        let more = offers.len() > items.len();
        Self { next_cursor: items.last().filter(|_| more).map(|last| last.id.to_string()), items }
    }
}

/// Curl & Co offer Maya what she needs.
pub fn example() -> Value {
    json!({
        "id": OFFER, "request_id": examples::REQUEST, "provider_id": examples::PROVIDER,
        "provider": {"name": "Curl & Co", "city": "Brooklyn", "rating": 4.8, "review_count": 27, "completed_jobs": 112},
        "service_id": "haircut", "status": "pending", "price_cents": 5_500, "currency": "USD",
        "price_notes": "Wash and cut.", "duration_minutes": 60, "message": "I cut curls dry, one by one.",
        "automatic": false,
        "slots": [{
            "start_at": "2026-11-28T19:00:00Z", "end_at": "2026-11-28T20:00:00Z", "date": "2026-11-28",
            "start_time": "14:00", "end_time": "15:00", "zone": "America/New_York", "free": true, "good_until": null,
        }],
        "reason": null, "booking_id": null, "expires_at": "2026-11-24T15:10:00Z", "created_at": "2026-11-23T15:10:00Z",
        "updated_at": "2026-11-23T15:10:00Z",
    })
}
