//! Dates: weekdays, months, holidays, and spans of days.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::concierge::words::is_slip;

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Span {
    /// A single day.
    pub fn day(day: NaiveDate) -> Self {
        Self { from: day, to: day }
    }

    /// Whether it is a single day.
    pub fn is_day(self) -> bool {
        self.from == self.to
    }
}

/// So many days later (or earlier).
pub fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) };
    moved.unwrap_or(day)
}

/// The Monday of the week of a day.
pub fn monday(day: NaiveDate) -> NaiveDate {
    plus(day, -i64::from(day.weekday().num_days_from_monday()))
}

/// The week of a day, so many weeks on.
pub fn week(day: NaiveDate, on: i64) -> Span {
    let from = plus(monday(day), 7 * on);
    Span { from, to: plus(from, 6) }
}

/// Saturday and Sunday of the week of a day, so many weeks on.
pub fn weekend(day: NaiveDate, on: i64) -> Span {
    let span = week(day, on);
    Span { from: plus(span.from, 5), to: span.to }
}

/// The weekday in the week of a day, so many weeks on.
pub fn weekday_of_week(day: NaiveDate, weekday: Weekday, on: i64) -> NaiveDate {
    plus(monday(day), 7 * on + i64::from(weekday.num_days_from_monday()))
}

/// The next such weekday after a day, never the day itself.
pub fn coming(day: NaiveDate, weekday: Weekday) -> NaiveDate {
    let ahead =
        (7 + i64::from(weekday.num_days_from_monday()) - i64::from(day.weekday().num_days_from_monday())) % 7;
    plus(day, if ahead == 0 { 7 } else { ahead })
}

/// A month, or a part of it (`"early"`, `"mid"`, `"late"`, `""`).
pub fn month(year: i32, month: u32, part: &str) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    let to = from.checked_add_months(Months::new(1))?.pred_opt()?;
    Some(match part {
        "early" => Span { from, to: plus(from, 9) },
        "mid" => Span { from: plus(from, 10), to: plus(from, 19) },
        "late" => Span { from: plus(to, -6), to },
        _ => Span { from, to },
    })
}

/// A month and a day, this year or, once past, the next.
pub fn rolled(today: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    [today.year(), today.year() + 1, today.year() + 2, today.year() + 3]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|date| *date >= today)
}

/// So many months later.
pub fn months_on(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months)).unwrap_or(day)
}

/// A weekday's name or abbreviation.
pub fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: &[(Weekday, &str, &[&str])] = &[
        (Weekday::Mon, "monday", &["mon"]),
        (Weekday::Tue, "tuesday", &["tue", "tues"]),
        (Weekday::Wed, "wednesday", &["wed", "weds", "wensday", "wendsday"]),
        (Weekday::Thu, "thursday", &["thu", "thur", "thurs"]),
        (Weekday::Fri, "friday", &["fri"]),
        (Weekday::Sat, "saturday", &["sat"]),
        (Weekday::Sun, "sunday", &["sun"]),
    ];
    NAMES
        .iter()
        .find(|(_, name, short)| {
            *name == word || short.contains(&word) || (word.len() >= 6 && is_slip(word, name))
        })
        .map(|(day, _, _)| *day)
}

/// A month's name or abbreviation.
pub fn month_number(word: &str) -> Option<u32> {
    const NAMES: &[(&str, &[&str])] = &[
        ("january", &["jan"]),
        ("february", &["feb"]),
        ("march", &["mar"]),
        ("april", &["apr"]),
        ("may", &[]),
        ("june", &["jun"]),
        ("july", &["jul"]),
        ("august", &["aug"]),
        ("september", &["sep", "sept"]),
        ("october", &["oct"]),
        ("november", &["nov"]),
        ("december", &["dec"]),
    ];
    NAMES
        .iter()
        .position(|(name, short)| {
            *name == word || short.contains(&word) || (word.len() >= 6 && is_slip(word, name))
        })
        .and_then(|i| u32::try_from(i + 1).ok())
}

/// The coming holiday of this name.
pub fn holiday(today: NaiveDate, name: &str) -> Option<NaiveDate> {
    let on = |year: i32| match name {
        "thanksgiving" => NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Thu, 4),
        "black friday" => NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Thu, 4).map(|d| plus(d, 1)),
        "labor day" => NaiveDate::from_weekday_of_month_opt(year, 9, Weekday::Mon, 1),
        "mothers day" => NaiveDate::from_weekday_of_month_opt(year, 5, Weekday::Sun, 2),
        "fathers day" => NaiveDate::from_weekday_of_month_opt(year, 6, Weekday::Sun, 3),
        "memorial day" => NaiveDate::from_ymd_opt(year, 5, 31).map(monday),
        "christmas eve" => NaiveDate::from_ymd_opt(year, 12, 24),
        "christmas" | "xmas" | "christmas day" => NaiveDate::from_ymd_opt(year, 12, 25),
        "boxing day" => NaiveDate::from_ymd_opt(year, 12, 26),
        "new years eve" | "new year eve" | "nye" => NaiveDate::from_ymd_opt(year, 12, 31),
        "new years day" | "new year" | "new years" | "new year day" => NaiveDate::from_ymd_opt(year, 1, 1),
        "valentines day" | "valentines" | "valentine day" => NaiveDate::from_ymd_opt(year, 2, 14),
        "halloween" => NaiveDate::from_ymd_opt(year, 10, 31),
        "independence day" | "fourth of july" => NaiveDate::from_ymd_opt(year, 7, 4),
        "easter" | "easter sunday" => easter(year),
        "good friday" => easter(year).map(|d| plus(d, -2)),
        _ => None,
    };
    [today.year(), today.year() + 1].into_iter().filter_map(on).find(|day| *day >= today)
}

/// Easter Sunday, by the anonymous Gregorian algorithm (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn holidays() {
        let today = date("2026-11-22");
        assert_eq!(holiday(today, "thanksgiving"), Some(date("2026-11-26")));
        assert_eq!(holiday(today, "easter"), Some(date("2027-03-28")));
        assert_eq!(holiday(today, "new years eve"), Some(date("2026-12-31")));
    }

    #[test]
    fn weekdays_come() {
        let sunday = date("2026-11-22");
        assert_eq!(coming(sunday, Weekday::Sun), date("2026-11-29"));
        assert_eq!(coming(sunday, Weekday::Mon), date("2026-11-23"));
        assert_eq!(weekend(sunday, 0).from, date("2026-11-21"));
    }
}
