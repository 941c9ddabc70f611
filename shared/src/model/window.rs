//! When something should happen: a local window in the place's zone.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::clocks::reached_at;

/// From and to, both local time of the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Begin, `YYYY-MM-DDTHH:MM`.
    #[serde(with = "local_minute")]
    #[schema(value_type = String, format = "local-date-time", example = "2026-11-28T00:00")]
    pub from: NaiveDateTime,
    /// End, `YYYY-MM-DDTHH:MM`.
    #[serde(with = "local_minute")]
    #[schema(value_type = String, format = "local-date-time", example = "2026-11-29T23:59")]
    pub to: NaiveDateTime,
}

/// How far ahead a window may end, in days.
const FURTHEST_DAYS: i64 = 2 * 366;

/// How a local date and minute is written.
pub const LOCAL_MINUTE: &str = "%Y-%m-%dT%H:%M";

impl Window {
    /// The window's end as an instant, in `zone`. A time that the zone skips counts as the moment
    /// after the gap, one that it has twice as the first.
    #[must_use]
    pub fn ends_at(&self, zone: Tz) -> DateTime<Utc> {
        reached_at(self.to, zone)
    }

    /// What is wrong with this window at the instant `now`, if anything, as a sentence.
    #[must_use]
    pub fn problem(&self, zone: Tz, now: DateTime<Utc>) -> Option<&'static str> {
        let furthest = now.naive_utc() + chrono::Duration::days(FURTHEST_DAYS);
        if self.to > furthest || self.from < now.naive_utc() - chrono::Duration::days(FURTHEST_DAYS) {
            return Some("The window must lie within the next two years.");
        }
        if self.from >= self.to {
            return Some("The window must begin before it ends.");
        }
        if self.ends_at(zone) <= now {
            return Some("The window is over already.");
        }
        None
    }
}

/// Serde for a local date and minute.
mod local_minute {
    use super::{LOCAL_MINUTE, NaiveDateTime};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &NaiveDateTime, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&at.format(LOCAL_MINUTE))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDateTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveDateTime::parse_from_str(&text, LOCAL_MINUTE).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, LOCAL_MINUTE).unwrap()
    }

    #[test]
    fn a_window_ends_in_its_zone() {
        let window = Window { from: at("2026-11-28T00:00"), to: at("2026-11-29T23:59") };
        let ends = window.ends_at(Tz::America__New_York);
        assert_eq!(ends.to_rfc3339(), "2026-11-30T04:59:00+00:00");
    }

    #[test]
    fn a_window_lies_ahead_and_the_right_way_round() {
        let now = at("2026-11-22T20:00").and_utc();
        let problem = |from, to| Window { from: at(from), to: at(to) }.problem(Tz::UTC, now);
        assert_eq!(problem("2026-11-22T00:00", "2026-11-22T23:59"), None, "one that has begun is good");
        assert!(problem("2026-11-21T00:00", "2026-11-21T23:59").is_some(), "one that is over is not");
        assert!(problem("2026-11-25T00:00", "2026-11-25T00:00").is_some());
    }

    #[test]
    fn a_window_lies_within_two_years() {
        let now = at("2026-11-22T20:00").and_utc();
        let problem = |from, to| Window { from: at(from), to: at(to) }.problem(Tz::UTC, now);
        let far = Some("The window must lie within the next two years.");
        // 732 days from now, to the minute.
        assert_eq!(problem("2028-11-23T00:00", "2028-11-23T20:00"), None);
        assert_eq!(problem("2028-11-23T00:00", "2028-11-23T20:01"), far);
        assert_eq!(problem("2024-11-20T20:00", "2026-11-23T00:00"), None);
        assert_eq!(problem("2024-11-20T19:59", "2026-11-23T00:00"), far);
    }

    #[test]
    fn windows_are_written_to_the_minute() {
        let window = Window { from: at("2026-11-28T00:00"), to: at("2026-11-29T23:59") };
        let json = serde_json::json!({"from": "2026-11-28T00:00", "to": "2026-11-29T23:59"});
        assert_eq!(serde_json::to_value(window).unwrap(), json);
        assert_eq!(serde_json::from_value::<Window>(json).unwrap(), window);
        assert!(
            serde_json::from_value::<Window>(serde_json::json!({"from": "soon", "to": "later"})).is_err()
        );
    }
}
