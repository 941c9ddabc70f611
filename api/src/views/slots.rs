use chrono::NaiveDate;
use proxie_shared::domain::slots::{Asked, Free};
use proxie_shared::error::Problem;
use proxie_shared::model::catalog::Catalog;
use proxie_shared::model::slots::Slot;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::http::Input;

/// `?service_id=&from=&to=`
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotsQuery {
    /// Slug of a service that the provider offers.
    #[schema(min_length = 1, max_length = 100, example = "haircut")]
    service_id: String,
    /// The first of the provider's local dates.
    #[schema(example = "2026-11-28")]
    from: NaiveDate,
    /// The last one, at most 30 days later and 90 days ahead.
    #[schema(example = "2026-11-29")]
    to: NaiveDate,
}

impl SlotsQuery {
    /// What is asked.
    pub fn asked(&self) -> Asked {
        Asked { service_id: self.service_id.clone(), from: self.from, to: self.to }
    }
}

impl Input for SlotsQuery {
    fn problems(&self, _catalog: &Catalog) -> Vec<Problem> {
        self.asked().problems()
    }
}

/// When a provider is free.
#[derive(Serialize, ToSchema)]
#[schema(example = json!(example()))]
pub struct SlotsView {
    /// All free slots of these days, in order.
    items: Vec<Slot>,
    /// Always null: there are no further pages.
    next_cursor: Option<String>,
    /// How long a job of the service takes.
    duration_minutes: i32,
    /// IANA zone of the provider's clocks.
    zone: String,
}

impl From<Free> for SlotsView {
    fn from(free: Free) -> Self {
        let Free { duration_minutes, zone, slots } = free;
        Self { items: slots, next_cursor: None, duration_minutes, zone }
    }
}

fn example() -> Value {
    let slot = json!({
        "start_at": "2026-11-28T19:00:00Z", "end_at": "2026-11-28T20:00:00Z", "date": "2026-11-28",
        "start_time": "14:00", "end_time": "15:00", "zone": "America/New_York",
    });
    json!({"items": [slot], "next_cursor": null, "duration_minutes": 60, "zone": "America/New_York"})
}
