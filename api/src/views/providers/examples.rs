//! The provider of the story: Curl & Co, who cut Maya's hair.

use serde_json::{Value, json};

use crate::views::examples::PROVIDER;

pub fn card() -> Value {
    json!({
        "id": PROVIDER, "name": "Curl & Co", "headline": "Curly hair is all we do", "city": "Brooklyn",
        "zone": "America/New_York", "location": {"latitude": 40.68, "longitude": -73.94}, "status": "active",
        "rating": 4.8, "review_count": 27, "completed_jobs": 41, "response_rate": 0.96, "response_minutes": 35,
        "services": ["haircut"], "price_from_cents": 5_500, "currency": "USD", "verified": false,
        "created_at": "2026-10-02T09:12:44.101Z",
    })
}

pub fn profile() -> Value {
    let mut profile = card();
    let rest = json!({
        "bio": "Fifteen years of curls.", "languages": ["English", "Spanish"], "years_experience": 15, "radius_km": 10.0,
        "late_cancellations": 0,
        "contact": {
            "email": "hello@curls.example", "phone": "+1 718 555 0100", "street": "12 Bergen Street",
            "location": {"latitude": 40.6812, "longitude": -73.9437},
        },
    });
    if let (Some(profile), Value::Object(rest)) = (profile.as_object_mut(), rest) {
        profile.extend(rest);
    }
    profile
}

pub const TEMPLATE: &str = "01a1c2d4-0f3e-7a18-9b62-3c5d8e7f0a24";

pub fn service() -> Value {
    json!({
        "service_id": "haircut", "description": "Dry cuts, curl by curl.", "places": ["provider"],
        "price_min_cents": 5_500, "price_max_cents": 9_000, "currency": "USD", "duration_minutes": 60,
        "specializations": ["3B curls"], "licence": "not_needed", "licence_details": null,
    })
}

pub fn settings() -> Value {
    json!({"auto_offer": true, "min_price_cents": 5_000, "radius_km": 10.0})
}

pub fn stats() -> Value {
    json!({
        "leads": {"total": 120, "viewed": 111, "passed": 24},
        "offers": {"total": 84, "pending": 2, "wins": 41, "win_rate": 0.5},
        "bookings": {"upcoming": 3, "completed": 36, "cancelled": 2, "late_cancellations": 0, "no_shows": 0},
        "response_rate": 0.96, "response_minutes": 35, "rating": 4.8, "review_count": 27,
        "revenue": [{"currency": "USD", "cents": 214_500}],
        "services": [{
            "service_id": "haircut", "currency": "USD", "offers": 84, "wins": 41, "win_rate": 0.5,
            "average_price_won_cents": 5_870,
        }],
    })
}

pub fn template() -> Value {
    json!({
        "id": TEMPLATE, "service_id": null, "name": "First visit",
        "body": "Hi {first_name}, I would love to do your {service} on {slot} for {price}.",
        "created_at": "2026-10-02T09:20:10.442Z",
    })
}

pub const CURSOR: &str = "4.8_01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615";

pub fn found() -> Value {
    let mut found = card();
    found["distance_km"] = json!(3.4);
    found
}

pub const ITEM: &str = "01a1c2d6-7b20-7d4f-8c15-0e9a4f6b3d82";

pub fn item() -> Value {
    json!({
        "id": ITEM, "service_id": "haircut", "title": "Layers, 3B", "description": "",
        "media": crate::views::examples::media(), "created_at": "2026-10-02T09:31:55.730Z",
    })
}
