//! Providers: who does the work.

mod create;
mod edit;
mod portfolio;
mod read;
mod search;
mod settings;
mod suspended;

use proxie_shared::model::users::Role;
use serde_json::{Value, json};

use crate::support::{App, Caller};

/// A barber of Brooklyn, but for some fields.
pub fn barber(other: Value) -> Value {
    let mut body = json!({
        "name": "Curls & Co", "headline": "Curly hair is all we do", "bio": "Fifteen years of curls.", "city": "Brooklyn",
        "location": {"latitude": 40.6812, "longitude": -73.9437}, "radius_km": 10,
        "languages": ["English", "Spanish"], "years_experience": 15, "email": "curls@example.com",
        "phone": "+1 718 555 0100", "street": "12 Bergen Street",
        "services": [haircut(json!({}))],
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// A haircut as a barber offers it, but for some fields.
pub fn haircut(other: Value) -> Value {
    let mut service = json!({
        "service_id": "haircut", "places": ["provider"], "price_min_cents": 5_500, "price_max_cents": 9_000,
        "currency": "USD", "specializations": ["3B curls"],
    });
    for (name, value) in other.as_object().unwrap() {
        service[name] = value.clone();
    }
    service
}

/// Somebody of this name with a business as [`barber`] says; and its id.
pub async fn open(app: &App, name: &str, other: Value) -> (Caller, String) {
    let owner = app.user(name, Role::Consumer);
    let made = owner.post("/providers", barber(other)).await.expect(201).body;
    (owner, made["id"].as_str().unwrap().to_owned())
}
