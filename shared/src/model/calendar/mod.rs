//! Calendars: when a provider can be booked.
//!
//! A provider works at local hours of each weekday, and of dates that are an exception. Less the bookings, that is
//! where a job may lie: one slot of its whole duration, which is time that really passes.
//!
//! - Hours that touch, in a day or at midnight, are one stretch: a job may run from one into the other.
//! - Hours begin when clocks first show their start, or skip it, and so they end: what clocks show a second time, after
//!   they were put back, belongs to the hours that they were put back in.
//! - Slots begin every [`GRID_MINUTES`] from the start of each hours on, by local clocks. A time that does not exist is
//!   not offered, one that exists twice is offered once, the first.
//! - Whatever minute somebody proposes instead is checked by the same rules: [`Availability::check`].
//! - Between any two bookings lies the buffer. Bookings of a day are those that begin on that local date.

mod free;
mod hours;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
pub use hours::{Exception, Hours, MIDNIGHT, MOST_HOURS, Weekly};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Every so many minutes of the hours a slot may begin.
pub const GRID_MINUTES: u16 = 30;
/// How many days ahead a booking may lie.
pub const FURTHEST_DAYS: u64 = 90;
/// How many days one query may ask about.
pub const MOST_DAYS: u64 = 31;
/// The longest job, in minutes.
pub const LONGEST_MINUTES: i32 = 24 * 60;
/// How many exceptions a calendar has at most.
pub const MOST_EXCEPTIONS: usize = 366;
/// The longest notice, in minutes: 30 days.
pub const MOST_NOTICE: i32 = 30 * 24 * 60;
/// The notice if nothing is said, in minutes.
pub const NOTICE: i32 = 120;
/// The most bookings of a day that can be asked for.
pub const MOST_PER_DAY: i32 = 100;
/// The longest buffer, in minutes.
pub const MOST_BUFFER: i32 = 8 * 60;

/// When a provider can be booked, but for the bookings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "zone": "America/New_York",
    "weekly": {
        "monday": [], "tuesday": [{"start": "09:00", "end": "12:30"}, {"start": "13:30", "end": "18:00"}],
        "wednesday": [{"start": "09:00", "end": "17:00"}], "thursday": [{"start": "09:00", "end": "17:00"}],
        "friday": [{"start": "09:00", "end": "17:00"}], "saturday": [{"start": "10:00", "end": "16:00"}], "sunday": []
    },
    "exceptions": [{"date": "2026-12-24", "hours": []}], "notice_minutes": 120, "max_per_day": 6, "buffer_minutes": 15
}))]
pub struct Availability {
    /// IANA zone of all its dates and times.
    #[schema(value_type = String, format = "iana-zone", example = "America/New_York")]
    pub zone: Tz,
    /// The usual hours.
    pub weekly: Weekly,
    /// Dates with other hours, each once.
    #[serde(default)]
    #[schema(max_items = 366)]
    pub exceptions: Vec<Exception>,
    /// How long before its start a job must be booked, in minutes.
    #[serde(default = "notice")]
    #[schema(minimum = 0, maximum = 43_200, default = 120, example = 120)]
    pub notice_minutes: i32,
    /// The most bookings that begin on one local date; no limit if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100, example = 6)]
    pub max_per_day: Option<i32>,
    /// The least time between two bookings, in minutes.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 480, default = 0, example = 15)]
    pub buffer_minutes: i32,
}

fn notice() -> i32 {
    NOTICE
}

/// A stretch that a booking takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Begin.
    pub start_at: DateTime<Utc>,
    /// End; not part of it.
    pub end_at: DateTime<Utc>,
}

/// Why a job cannot lie somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is past, or sooner than the notice allows.
    TooSoon,
    /// Further ahead than bookings reach.
    TooFar,
    /// No local clock shows a whole minute then, or it shows it for the second time.
    NoSuchTime,
    /// Not within the hours.
    Closed,
    /// Another booking is there, or nearer than the buffer.
    Taken,
    /// The day has as many bookings as it may.
    DayFull,
}

impl Why {
    /// The same as a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::TooSoon => "That is past, or sooner than the provider's notice allows.",
            Self::TooFar => "That is more than 90 days ahead.",
            Self::NoSuchTime => "Local clocks skip that time, or show it for the second time.",
            Self::Closed => "That is outside the provider's hours.",
            Self::Taken => "That is taken, or too near to another booking.",
            Self::DayFull => "The provider takes no more bookings that day.",
        }
    }
}

impl Availability {
    /// The calendar of somebody who has not said when they work.
    #[must_use]
    pub fn closed(zone: Tz) -> Self {
        Self {
            zone,
            weekly: Weekly::default(),
            exceptions: Vec::new(),
            notice_minutes: NOTICE,
            max_per_day: None,
            buffer_minutes: 0,
        }
    }

    /// Everything that is wrong with it: where, as a JSON pointer, and what, as a sentence.
    #[must_use]
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        for (name, hours) in self.weekly.days() {
            hours::problems(&format!("/weekly/{name}"), hours, &mut problems);
        }
        if self.exceptions.len() > MOST_EXCEPTIONS {
            problems.push(("/exceptions".to_owned(), "There are at most 366 exceptions.".to_owned()));
        } else {
            hours::exceptions_problems(&self.exceptions, &mut problems);
        }
        let mut bounded = |name: &str, value: i32, least: i32, most: i32| {
            if !(least..=most).contains(&value) {
                problems.push((format!("/{name}"), format!("Must be between {least} and {most}.")));
            }
        };
        bounded("notice_minutes", self.notice_minutes, 0, MOST_NOTICE);
        bounded("max_per_day", self.max_per_day.unwrap_or(1), 1, MOST_PER_DAY);
        bounded("buffer_minutes", self.buffer_minutes, 0, MOST_BUFFER);
        problems
    }
}

/// Between which instants bookings must begin to matter to a job that begins from one instant to another, whatever the
/// zone: on its local date, or so long before that they or their buffer reach into it.
#[must_use]
pub fn bookings_that_matter(from: DateTime<Utc>, to: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    (from - Duration::days(2), to + Duration::days(2))
}

#[cfg(test)]
mod tests;
