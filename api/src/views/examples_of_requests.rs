//! The same story: what providers see of Maya's request, and how it goes on.

use serde_json::{Value, json};

use super::examples::{PROVIDER, REQUEST, USER, request};

pub const OFFER: &str = "01a205c4-6d20-7b18-9e37-c0d5f2a81b46";
pub const BOOKING: &str = "01a205d1-93f4-7c05-a6e2-5b8d17f0c934";
pub const NOTIFICATION: &str = "01a205c4-6d21-7e62-8f05-1a9c3b7d2e80";

const ROUTED_AT: &str = "2026-11-23T15:04:09.310Z";

pub fn need() -> Value {
    json!({
        "id": REQUEST, "status": "matched", "service_id": "haircut", "city": "Brooklyn", "zone": "America/New_York",
        "place": null, "window": {"from": "2026-11-28T00:00", "to": "2026-11-29T23:59"}, "urgency": "flexible",
        "budget": {"min_cents": null, "max_cents": 6_000, "currency": "USD"}, "description": "",
        "specializations": ["curly hair"], "media": [], "first_name": "Maya",
        "specialist": {
            "name": "Hair & beauty", "complexity": "moderate",
            "price": {"low_cents": 3_500, "high_cents": 14_000, "currency": "USD"},
            "duration_minutes": {"low": 40, "high": 95},
            "factors": [{
                "name": "curls", "price_factor": 1.15, "duration_factor": 1.25,
                "because": "Curls are cut and dried piece by piece.",
            }],
            "warnings": [],
            "notes": [
                "Ask for the curl pattern, and whether it is to be cut dry.", "Curls are cut and dried piece by piece.",
            ],
        },
        "expires_at": "2026-11-30T04:59:00Z", "created_at": "2026-11-23T15:04:08.940Z",
    })
}

pub fn matched() -> Value {
    let provider = json!({
        "id": PROVIDER, "name": "Curl & Co", "headline": "Curls, cut dry", "city": "Brooklyn", "photo_id": null,
        "rating": 4.8, "review_count": 27, "completed_jobs": 112,
    });
    json!({
        "provider": provider, "score": 0.78,
        "factors": [
            {"name": "rating", "weight": 0.4, "value": 0.9, "share": 0.36},
            {"name": "distance", "weight": 0.3, "value": 0.8, "share": 0.24},
            {"name": "price", "weight": 0.3, "value": 0.6, "share": 0.18},
        ],
        "round": 1, "routed_at": ROUTED_AT, "viewed": true, "passed": false,
    })
}

pub fn lead() -> Value {
    json!({
        "request": need(), "score": 0.78, "why": ["Your reviews are good.", "It is near.", "Your price fits the budget."],
        "routed_at": ROUTED_AT, "viewed": true, "viewed_at": "2026-11-23T15:20:41.007Z", "passed": false,
        "passed_at": null, "offered": false, "offer_id": null,
    })
}

pub fn notification() -> Value {
    json!({
        "id": NOTIFICATION, "kind": "offer", "text": "You have an offer for your request.", "request_id": REQUEST,
        "offer_id": OFFER, "booking_id": null, "review_id": null, "enrollment_id": null,
        "created_at": "2026-11-23T15:31:02.512Z", "read_at": null,
    })
}

pub fn consumer() -> Value {
    json!({
        "user_id": USER, "name": "Maya", "email": null, "phone": "+1 718 555 0123", "street": "44 Court Street",
        "city": "Brooklyn", "zone": "America/New_York", "location": {"latitude": 40.6915, "longitude": -73.9913},
    })
}

pub fn grouped() -> Value {
    let best_offer = json!({
        "id": OFFER, "provider_id": PROVIDER, "provider_name": "Curl & Co", "price_cents": 5_500, "currency": "USD",
        "duration_minutes": 60, "expires_at": "2026-11-24T15:31:02.512Z",
    });
    let pending = json!({"request": request(), "offers": 2, "best_offer": best_offer});
    let slot = slot();
    let booking = json!({
        "id": BOOKING, "provider_id": PROVIDER, "provider_name": "Curl & Co", "price_cents": 5_500, "currency": "USD",
        "slot": slot,
    });
    let upcoming = json!({"request": request(), "booking": booking});
    let none = json!({"count": 0, "items": []});
    json!({
        "open": none, "pending": {"count": 1, "items": [pending]}, "upcoming": {"count": 1, "items": [upcoming]},
        "completed": none,
    })
}

pub fn offer_draft() -> Value {
    json!({
        "kind": "offer_draft", "request_id": REQUEST, "service_id": "haircut",
        "price": {"low_cents": 4_000, "mid_cents": 5_000, "high_cents": 6_000, "currency": "USD"},
        "duration_minutes": 60, "slots": [slot()],
        "message": "Hello Maya, I can do your haircut for $50. I could come to it on Saturday, 28 November at 14:00.",
        "reasons": ["The price is within your range for this service.", "It stays within the budget."],
    })
}

fn slot() -> Value {
    json!({
        "start_at": "2026-11-28T19:00:00Z", "end_at": "2026-11-28T20:00:00Z", "date": "2026-11-28",
        "start_time": "14:00", "end_time": "15:00", "zone": "America/New_York",
    })
}
