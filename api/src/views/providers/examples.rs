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
