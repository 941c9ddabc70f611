//! A consumer and a provider on their way to a booking.

use chrono::{Duration, NaiveDate, Utc};
use chrono_tz::America::New_York;
use proxie_shared::model::users::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, Caller};

/// A local date in New York, so many days from today.
pub fn day(days: i64) -> NaiveDate {
    Utc::now().with_timezone(&New_York).date_naive() + Duration::days(days)
}

/// A slot there as somebody names it.
pub fn slot(days: i64, start_time: &str) -> Value {
    json!({"date": day(days), "start_time": start_time})
}

/// Somebody who needs a haircut, and somebody who was told of it.
pub struct Deal {
    /// Who needs it.
    pub maya: Caller,
    /// Her id.
    pub maya_id: Uuid,
    /// Who would do it.
    pub ann: Caller,
    /// Her user's id.
    pub ann_id: Uuid,
    /// Her business.
    pub provider: Uuid,
    /// What is needed; routed to her.
    pub request: Uuid,
}

impl Deal {
    /// Two who have never met anybody.
    pub async fn new(app: &App) -> Self {
        let ann_id = app.user_row(Role::Provider).await;
        let provider = app.provider_row(ann_id).await;
        let ann = app.user(&ann_id.to_string(), Role::Provider);
        Self::with(app, ann, ann_id, provider).await
    }

    /// Somebody else who needs what the same provider does.
    pub async fn another(&self, app: &App) -> Self {
        Self::with(app, self.ann.clone(), self.ann_id, self.provider).await
    }

    async fn with(app: &App, ann: Caller, ann_id: Uuid, provider: Uuid) -> Self {
        let maya_id = app.user_row(Role::Consumer).await;
        let maya = app.user(&maya_id.to_string(), Role::Consumer);
        let request = app.request_row(maya_id).await;
        app.lead_row(request, provider).await;
        Self { maya, maya_id, ann, ann_id, provider, request }
    }

    /// The body of an offer with these slots.
    pub fn offer(&self, slots: &[Value]) -> Value {
        json!({
            "request_id": self.request, "service_id": "haircut", "price_cents": 5_500, "currency": "USD",
            "duration_minutes": 60, "price_notes": "wash and cut", "slots": slots, "message": "I would love to",
        })
    }

    /// An offer with these slots.
    pub async fn offered(&self, slots: &[Value]) -> String {
        let made = self.ann.post("/offers", self.offer(slots)).await.expect(201);
        made.body["id"].as_str().expect("an id").to_owned()
    }

    /// A booking of this slot.
    pub async fn booked(&self, named: Value) -> Value {
        let offer = self.offered(std::slice::from_ref(&named)).await;
        self.maya.put(&format!("/offers/{offer}/accept"), json!({"slot": named})).await.expect(200).body
    }

    /// Where the request stands.
    pub async fn stands(&self, app: &App) -> Value {
        app.database.value(&format!("SELECT status::text FROM requests WHERE id = '{}'", self.request)).await
    }
}

impl App {
    /// What a user was told, in order: kinds.
    pub async fn told(&self, user: Uuid) -> Vec<String> {
        let told = format!("SELECT kind::text FROM notifications WHERE user_id = '{user}' ORDER BY id");
        let rows = self.database.rows(&told).await;
        rows.iter().map(|row| row["kind"].as_str().expect("a kind").to_owned()).collect()
    }
}
