mod bodies;

pub use bodies::{AgreeBody, BookingPath, BookingsQuery, CancelBookingBody, RescheduleBody};
use chrono::{DateTime, Utc};
use proxie_shared::db::bookings::Cursor;
use proxie_shared::domain::bookings::{BookingDetails, ContactDetails};
use proxie_shared::model::bookings::{BookingSide, BookingStatus};
use proxie_shared::model::catalog::ServicePlace;
use proxie_shared::model::slots::Slot;
use proxie_shared::model::{BookingId, OfferId, ProviderId, RequestId};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::examples;
use super::offers::{BOOKING, OFFER};

/// A booking as one side sees it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example()))]
pub struct BookingView {
    id: BookingId,
    request_id: RequestId,
    offer_id: OfferId,
    provider_id: ProviderId,
    /// The business's name.
    provider_name: String,
    /// What the consumer is called.
    consumer_name: Option<String>,
    /// Whose side the reader is on; null for an admin who is on neither.
    side: Option<BookingSide>,
    status: BookingStatus,
    service_id: String,
    /// In minor units.
    price_cents: i64,
    /// ISO 4217.
    currency: String,
    slot: Slot,
    /// Where the work is done.
    place: ServicePlace,
    /// The consumer's, for work there; the provider sees it as long as `contact`.
    address: Option<String>,
    /// How to get in, what to know; the provider sees it as long as `contact`.
    instructions: Option<String>,
    /// How the other side is reached: from confirmation to 30 days after the end, not once it is called off.
    contact: Option<BookingContactView>,
    /// Who called it off.
    cancelled_by: Option<BookingSide>,
    /// Why.
    cancel_reason: Option<String>,
    /// Whether that was less than a day before the start.
    late: bool,
    /// Another slot that one side proposes; the present one holds until the other agrees.
    proposal: Option<ProposalView>,
    /// When it left `confirmed`.
    ended_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// How somebody is reached.
#[derive(Serialize, ToSchema)]
struct BookingContactView {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    street: Option<String>,
}

/// Another slot that is proposed.
#[derive(Serialize, ToSchema)]
struct ProposalView {
    slot: Slot,
    by: BookingSide,
    note: Option<String>,
    /// Until when the other side may agree.
    until: DateTime<Utc>,
}

/// A page of bookings.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"items": [example()], "next_cursor": null}))]
pub struct BookingsView {
    items: Vec<BookingView>,
    next_cursor: Option<String>,
}

impl From<&BookingDetails> for BookingView {
    fn from(details: &BookingDetails) -> Self {
        let details = details.clone();
        let booking = details.booking;
        let contact =
            |ContactDetails { name, email, phone, street }| BookingContactView { name, email, phone, street };
        let proposal = details.proposal.map(|(proposal, slot)| ProposalView {
            slot,
            by: proposal.by,
            note: booking.proposed_note,
            until: proposal.until,
        });
        Self {
            id: booking.id,
            request_id: booking.request_id,
            offer_id: booking.offer_id,
            provider_id: booking.provider_id,
            provider_name: details.provider_name,
            consumer_name: details.consumer_name,
            side: details.side,
            status: booking.status,
            service_id: booking.service_id,
            price_cents: booking.price_cents,
            currency: booking.currency,
            slot: details.slot,
            place: booking.place,
            address: booking.address.filter(|_| details.shows_address),
            instructions: booking.instructions.filter(|_| details.shows_address),
            contact: details.contact.map(contact),
            cancelled_by: booking.cancelled_by,
            cancel_reason: booking.cancel_reason,
            late: booking.late,
            proposal,
            ended_at: booking.ended_at,
            created_at: booking.created_at,
            updated_at: booking.updated_at,
        }
    }
}

impl BookingsView {
    /// A page of at most `limit`, of which one more was read to know whether there is a next.
    pub fn new(bookings: &[BookingDetails], limit: i64) -> Self {
        let shown = &bookings[..bookings.len().min(limit as usize)];
        let last = shown.last().filter(|_| bookings.len() > shown.len()).map(|last| &last.booking);
        let cursor = last.map(|last| Cursor { start_at: last.start_at, id: last.id }.to_string());
        Self { items: shown.iter().map(BookingView::from).collect(), next_cursor: cursor }
    }
}

/// Maya's haircut, as she sees it.
pub fn example() -> Value {
    json!({
        "id": BOOKING, "request_id": examples::REQUEST, "offer_id": OFFER, "provider_id": examples::PROVIDER,
        "provider_name": "Curl & Co", "consumer_name": "Maya", "side": "consumer", "status": "confirmed",
        "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
        "slot": {
            "start_at": "2026-11-28T19:00:00Z", "end_at": "2026-11-28T20:00:00Z", "date": "2026-11-28",
            "start_time": "14:00", "end_time": "15:00", "zone": "America/New_York",
        },
        "place": "provider", "address": null, "instructions": null,
        "contact": {
            "name": "Curl & Co", "email": "curls@example.com", "phone": "+1 718 555 0100", "street": "12 Bergen Street",
        },
        "cancelled_by": null, "cancel_reason": null, "late": false, "proposal": null, "ended_at": null,
        "created_at": "2026-11-23T16:20:00Z", "updated_at": "2026-11-23T16:20:00Z",
    })
}
