//! Hours of a day, as people write them.

use std::collections::HashSet;

use chrono::{NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Midnight at the end of a day, in minutes since the one at its begin.
pub const MIDNIGHT: u16 = 24 * 60;
/// How many stretches of hours a day has at most.
pub const MOST_HOURS: usize = 10;

/// A stretch of a day by local clocks, in minutes since midnight; written `HH:MM`. As an end, `00:00` and `24:00` both
/// are midnight at the end of the day, which is written `00:00`: as clocks show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Begin, `HH:MM`.
    #[serde(with = "start")]
    #[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    pub start: u16,
    /// End, `HH:MM`, after the begin; `00:00` is midnight at the end of the day.
    #[serde(with = "end")]
    #[schema(value_type = String, pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", example = "17:30")]
    pub end: u16,
}

/// The usual hours of each weekday; a day without any is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// Mondays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub monday: Vec<Hours>,
    /// Tuesdays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub tuesday: Vec<Hours>,
    /// Wednesdays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub wednesday: Vec<Hours>,
    /// Thursdays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub thursday: Vec<Hours>,
    /// Fridays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub friday: Vec<Hours>,
    /// Saturdays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub saturday: Vec<Hours>,
    /// Sundays.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub sunday: Vec<Hours>,
}

/// A date with other hours than its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The local date.
    #[schema(example = "2026-12-24")]
    pub date: NaiveDate,
    /// Its hours; closed if there are none.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub hours: Vec<Hours>,
}

impl Weekly {
    /// The hours of a weekday.
    #[must_use]
    pub fn on(&self, day: Weekday) -> &[Hours] {
        match day {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }

    /// Every weekday by its name.
    pub(super) fn days(&self) -> [(&'static str, &[Hours]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// What is wrong with the hours of a day.
pub(super) fn problems(at: &str, hours: &[Hours], problems: &mut Vec<(String, String)>) {
    if hours.len() > MOST_HOURS {
        return problems.push((at.to_owned(), "A day has at most 10 stretches of hours.".to_owned()));
    }
    for (n, one) in hours.iter().enumerate() {
        if one.start >= one.end || one.end > MIDNIGHT {
            let message = "The end must be after the start; 00:00 is midnight at the end of the day.";
            problems.push((format!("{at}/{n}/end"), message.to_owned()));
        } else if hours[..n].iter().any(|other| other.start < one.end && one.start < other.end) {
            let message = "These hours overlap with others of the day.";
            problems.push((format!("{at}/{n}"), message.to_owned()));
        }
    }
}

/// What is wrong with exceptions.
pub(super) fn exceptions_problems(exceptions: &[Exception], found: &mut Vec<(String, String)>) {
    let mut dates = HashSet::new();
    for (n, exception) in exceptions.iter().enumerate() {
        if !dates.insert(exception.date) {
            let message = "There is an exception for this date already.";
            found.push((format!("/exceptions/{n}/date"), message.to_owned()));
        }
        problems(&format!("/exceptions/{n}/hours"), &exception.hours, found);
    }
}

/// The minute of the day that is written `HH:MM`, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let two_digits = |part: &str| -> Option<u16> {
        let is_right = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        is_right.then(|| part.parse().ok())?
    };
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    Some(hour * 60 + minute).filter(|sum| minute < 60 && *sum <= MIDNIGHT)
}

mod start {
    use super::{MIDNIGHT, minute};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &u16, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:02}:{:02}", at / 60 % 24, at % 60))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
        let text = String::deserialize(from)?;
        minute(&text).filter(|at| *at < MIDNIGHT).ok_or_else(|| D::Error::custom("not a time HH:MM"))
    }
}

mod end {
    pub use super::start::serialize;
    use super::{MIDNIGHT, minute};
    use serde::{Deserialize, Deserializer, de::Error};

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
        let text = String::deserialize(from)?;
        let at = minute(&text).ok_or_else(|| D::Error::custom("not a time HH:MM"))?;
        Ok(if at == 0 { MIDNIGHT } else { at })
    }
}
