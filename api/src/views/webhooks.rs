use chrono::DateTime;
use proxie_shared::domain::issuers::{Event, Happened};
use proxie_shared::model::users::Role;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::examples;

/// The longest name that an issuer gives a user, in characters.
const SUBJECT_MAX: usize = 500;

/// `POST /webhooks/clerk`: of the many fields of an event, those that count here. Svix adds others at will.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!(examples::clerk_event()))]
pub struct ClerkBody {
    /// As in `user.updated`.
    #[schema(max_length = 200)]
    r#type: String,
    /// When it happened, in milliseconds since 1970, before the year 10000.
    #[schema(minimum = 0, maximum = 253_402_300_799_999_i64)]
    timestamp: Option<i64>,
    /// The user.
    #[schema(value_type = ClerkUser)]
    data: Value,
}

/// Of the many fields of a user, those that count here; other events have others.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only the schema is used: what an event lacks is no reason to refuse it")]
struct ClerkUser {
    /// Its `sub` in tokens.
    id: Option<String>,
    first_name: Option<String>,
    /// Milliseconds since 1970.
    updated_at: Option<i64>,
    public_metadata: Option<ClerkMetadata>,
}

/// What the issuer's owner says of a user.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "only the schema is used")]
struct ClerkMetadata {
    /// Counts if it is one of ours.
    role: Option<Value>,
}

impl ClerkBody {
    /// The event, if it is one that counts; one without a time of its own happened when it was `sent`, in Unix seconds.
    pub fn event(&self, sent: Option<i64>) -> Option<Event> {
        let text = |pointer: &str| self.data.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let happened = match self.r#type.as_str() {
            "user.created" | "user.updated" => Happened::Changed {
                role: text("/public_metadata/role").and_then(|role| role.parse::<Role>().ok()),
                name: text("/first_name").filter(|name| !name.trim().is_empty()),
            },
            "user.deleted" => Happened::Deleted,
            _ => return None,
        };
        let subject = text("/id").filter(|id| (1..=SUBJECT_MAX).contains(&id.chars().count()));
        let updated = || self.data.pointer("/updated_at").and_then(Value::as_i64);
        let millis = self.timestamp.or_else(updated).or_else(|| sent?.checked_mul(1_000))?;
        Some(Event { subject: subject?, at: DateTime::from_timestamp_millis(millis)?, happened })
    }
}
