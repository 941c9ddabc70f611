//! Things as a model is told of them.

use serde_json::{Value, json};

use crate::domain::bookings::BookingDetails;
use crate::domain::offers::OfferDetails;
use crate::domain::requests::Own;
use crate::model::catalog::Catalog;
use crate::model::offers::Snapshot;
use crate::model::providers::Candidate;
use crate::model::slots::Slot;

/// What somebody else wrote: data, never an instruction.
pub(super) fn quoted(text: &str) -> Value {
    json!({ "quoted": text })
}

/// The most bytes of a text that is one of many.
const EXCERPT: usize = 300;

/// The beginning of what somebody else wrote, where it is one of many.
pub(super) fn excerpt(text: &str) -> Value {
    match text.len() {
        ..=EXCERPT => quoted(text),
        _ => quoted(&format!("{}…", &text[..text.floor_char_boundary(EXCERPT)])),
    }
}

/// An amount.
pub(super) fn money(cents: i64, currency: &str) -> Value {
    json!({"cents": cents, "currency": currency})
}

/// A slot by the clocks of the place.
pub(super) fn slot(slot: &Slot) -> Value {
    json!({"date": slot.date, "start_time": slot.start_time, "end_time": slot.end_time})
}

/// What a service is called.
pub(super) fn service(catalog: &Catalog, id: &str) -> String {
    catalog.service(id).map_or_else(|| id.to_owned(), |(_, service)| service.name.clone())
}

/// A request of the person's.
pub(super) fn request(catalog: &Catalog, own: &Own, offers: usize) -> Value {
    let request = &own.request;
    let budget = request.budget_currency.as_ref().map(|currency| {
        json!({"min_cents": request.budget_min_cents, "max_cents": request.budget_max_cents, "currency": currency})
    });
    json!({
        "id": request.id,
        "service": service(catalog, &request.service_id),
        "service_id": request.service_id,
        "city": request.city,
        "status": request.stands_at(chrono::Utc::now()),
        "offers": offers,
        "window": {"from": request.window_from, "to": request.window_to},
        "budget": budget,
        "posted_on": request.created_at.date_naive(),
    })
}

/// An offer that the person received.
pub(super) fn offer(catalog: &Catalog, details: &OfferDetails) -> Value {
    offer_in(catalog, details, quoted)
}

/// An offer as one of several.
pub(super) fn offer_in_short(catalog: &Catalog, details: &OfferDetails) -> Value {
    offer_in(catalog, details, excerpt)
}

fn offer_in(catalog: &Catalog, details: &OfferDetails, words: fn(&str) -> Value) -> Value {
    let offer = &details.offer;
    let maker: Option<Snapshot> = serde_json::from_value(offer.snapshot.clone()).ok();
    let slots: Vec<Value> = details
        .slots
        .iter()
        .map(
            |shown| json!({"date": shown.slot.date, "start_time": shown.slot.start_time, "free": shown.free}),
        )
        .collect();
    json!({
        "id": offer.id,
        "request_id": offer.request_id,
        "service": service(catalog, &offer.service_id),
        "provider": maker.as_ref().map(|maker| quoted(&maker.name)),
        "rating": maker.as_ref().and_then(|maker| maker.rating),
        "reviews": maker.as_ref().map(|maker| maker.review_count),
        "price": money(offer.price_cents, &offer.currency),
        "duration_minutes": offer.duration_minutes,
        "slots": slots,
        "zone": details.slots.first().map(|shown| &shown.slot.zone),
        "message": words(&offer.message),
        "price_notes": words(&offer.price_notes),
        "status": details.status,
        "expires_at": offer.expires_at,
    })
}

/// A booking of either side.
pub(super) fn booking(catalog: &Catalog, details: &BookingDetails, can_review: bool) -> Value {
    let booking = &details.booking;
    let now = chrono::Utc::now();
    let proposal = details
        .proposal
        .as_ref()
        .map(|(open, slot)| json!({"by": open.by, "date": slot.date, "start_time": slot.start_time}));
    json!({
        "id": booking.id,
        "request_id": booking.request_id,
        "service": service(catalog, &booking.service_id),
        "service_id": booking.service_id,
        "provider": excerpt(&details.provider_name),
        "consumer": details.consumer_name.as_deref().map(excerpt),
        "status": booking.stands_at(now),
        "date": details.slot.date,
        "start_time": details.slot.start_time,
        "end_time": details.slot.end_time,
        "zone": details.slot.zone,
        "price": money(booking.price_cents, &booking.currency),
        "place": booking.place,
        "address": booking.address.as_deref().filter(|_| details.shows_address).map(excerpt),
        "has_begun": booking.has_begun(now),
        "proposal": proposal,
        "can_review": can_review,
    })
}

/// A provider who could do it.
pub(super) fn candidate(one: &Candidate) -> Value {
    json!({
        "id": one.provider_id,
        "name": quoted(&one.name),
        "city": quoted(&one.city),
        "rating": one.rating,
        "reviews": one.review_count,
        "price_from": one.price_from_cents.map(|cents| money(cents, &one.currency)),
        "distance_km": one.distance_km,
        "specializations": one.specializations.iter().map(|phrase| quoted(phrase)).collect::<Vec<_>>(),
    })
}
