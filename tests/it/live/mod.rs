//! Live channels, by the official Socket.IO client: who may have one, what it is told, what it misses (nothing).

mod crowd;
mod gate;
mod numbers;
mod resumed;
mod sessions;
mod told;

use serde_json::Value;
use uuid::Uuid;

use crate::support::App;

/// The number of an event.
fn seq(event: &Value) -> i64 {
    event["seq"].as_i64().expect("a number")
}

/// The types of events, in order.
fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().expect("a type")).collect()
}

/// The last number that was given to an event of somebody's.
async fn last_of(app: &App, user: Uuid) -> i64 {
    let last = format!("SELECT coalesce(max(last), 0) FROM live_counters WHERE user_id = '{user}'");
    app.database.value(&last).await.as_i64().expect("a number")
}
