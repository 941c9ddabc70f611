//! Slots: stretches of a provider's time that can be booked.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a time of day is written.
pub const HOUR_MINUTE: &str = "%H:%M";

/// A stretch of time, as an instant and as clocks show it there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Slot {
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End; not part of it.
    pub end_at: DateTime<Utc>,
    /// The local date of its begin.
    pub date: NaiveDate,
    /// Its begin as local clocks show it, `HH:MM`.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "14:00")]
    pub start_time: String,
    /// Its end as local clocks show it, `HH:MM`.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "15:00")]
    pub end_time: String,
    /// IANA zone of those clocks.
    #[schema(example = "America/New_York")]
    pub zone: String,
}

impl Slot {
    /// The slot between two instants, in a zone.
    #[must_use]
    pub fn new(start_at: DateTime<Utc>, end_at: DateTime<Utc>, zone: Tz) -> Self {
        let (start, end) = (start_at.with_timezone(&zone), end_at.with_timezone(&zone));
        Self {
            start_at,
            end_at,
            date: start.date_naive(),
            start_time: start.format(HOUR_MINUTE).to_string(),
            end_time: end.format(HOUR_MINUTE).to_string(),
            zone: zone.to_string(),
        }
    }
}
