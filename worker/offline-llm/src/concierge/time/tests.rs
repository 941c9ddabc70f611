#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::NaiveDateTime;

use super::{find, settle};
use crate::concierge::facts::{LOCAL, Urgency, Window};
use crate::concierge::reading::Reading;

/// Wednesday, 18 November 2026, 10:20.
fn now() -> NaiveDateTime {
    NaiveDateTime::parse_from_str("2026-11-18T10:20", LOCAL).unwrap()
}

fn when_at(text: &str, now: NaiveDateTime, known: Option<Window>) -> (String, Vec<String>, Option<Urgency>) {
    let mut reading = Reading::new(text);
    let items = find(&mut reading, now.date(), false);
    let time = settle(&reading, &items, now, known);
    let window =
        time.window.map_or(String::new(), |w| format!("{} {}", w.from.format(LOCAL), w.to.format(LOCAL)));
    (window, time.notes, time.urgency)
}

fn when(text: &str) -> String {
    when_at(text, now(), None).0
}

fn day(date: &str) -> String {
    days(date, date)
}

fn days(from: &str, to: &str) -> String {
    format!("2026-{from}T00:00 2026-{to}T23:59")
}

#[test]
fn days_as_people_say_them() {
    for (text, expected) in [
        ("today", day("11-18")),
        ("tomorrow", day("11-19")),
        ("tommorow", day("11-19")),
        ("the day after tomorrow", day("11-20")),
        ("this weekend", days("11-21", "11-22")),
        ("next weekend", days("11-28", "11-29")),
        ("the weekend after next", days("12-05", "12-06")),
        ("saturday", day("11-21")),
        ("on Monday", day("11-23")),
        ("this Friday", day("11-20")),
        ("next Friday", day("11-27")),
        ("next Tuesday", day("11-24")),
        ("Friday next week", day("11-27")),
        ("next week on Tuesday", day("11-24")),
        ("next week", days("11-23", "11-29")),
        ("this week", days("11-18", "11-22")),
        ("in two weeks", day("12-02")),
        ("in 3 days", day("11-21")),
        ("a week from Friday", day("11-27")),
        ("within the next two weeks", days("11-18", "12-02")),
        ("December 5th", day("12-05")),
        ("Dec 5", day("12-05")),
        ("5 December", day("12-05")),
        ("the 5th of December", day("12-05")),
        ("12/5", day("12-05")),
        ("2026-12-05", day("12-05")),
        ("on the 5th", day("12-05")),
        ("Saturday, December 5th", day("12-05")),
        ("Sat 12/5", day("12-05")),
        ("between Dec 1 and 5", days("12-01", "12-05")),
        ("Dec 1-5", days("12-01", "12-05")),
        ("from the 1st to the 5th", days("12-01", "12-05")),
        ("Monday to Wednesday", days("11-23", "11-25")),
        ("Saturday or Sunday", days("11-21", "11-22")),
        ("by Friday", days("11-18", "11-20")),
        ("before Thanksgiving", days("11-18", "11-25")),
        ("this month", days("11-18", "11-30")),
        ("end of the month", days("11-24", "11-30")),
        ("in early December", days("12-01", "12-10")),
        ("in december", days("12-01", "12-31")),
        ("Saturday, no wait, Sunday", day("11-22")),
        ("Christmas Eve", day("12-24")),
    ] {
        assert_eq!(when(text), expected, "{text}");
    }
    assert_eq!(when("March 3rd"), "2027-03-03T00:00 2027-03-03T23:59");
}

#[test]
fn times_of_day() {
    for (text, expected) in [
        ("saturday morning", "2026-11-21T08:00 2026-11-21T12:00"),
        ("tomorrow afternoon", "2026-11-19T12:00 2026-11-19T17:00"),
        ("tonight", "2026-11-18T18:00 2026-11-18T23:59"),
        ("tomorrow at 3pm", "2026-11-19T15:00 2026-11-19T16:00"),
        ("tomorrow at 3", "2026-11-19T15:00 2026-11-19T16:00"),
        ("at 15:30 on Friday", "2026-11-20T15:30 2026-11-20T16:30"),
        ("Friday after 5pm", "2026-11-20T17:00 2026-11-20T23:59"),
        ("Friday before noon", "2026-11-20T00:00 2026-11-20T12:00"),
        ("Saturday between 2 and 5", "2026-11-21T14:00 2026-11-21T17:00"),
        ("Saturday 2-5pm", "2026-11-21T14:00 2026-11-21T17:00"),
        ("Saturday from 10 to 2", "2026-11-21T10:00 2026-11-21T14:00"),
        ("Saturday at noon", "2026-11-21T12:00 2026-11-21T13:00"),
        ("friday after work", "2026-11-20T17:00 2026-11-20T21:00"),
        ("friday evening after 6", "2026-11-20T18:00 2026-11-20T21:00"),
        ("tomorrow at 8 in the evening", "2026-11-19T20:00 2026-11-19T21:00"),
        ("Saturday at 3pm, no wait, Sunday", "2026-11-22T15:00 2026-11-22T16:00"),
        ("Saturday at 3pm, actually make it 4pm", "2026-11-21T16:00 2026-11-21T17:00"),
        ("at 3pm", "2026-11-18T15:00 2026-11-18T16:00"),
        ("at 9am", "2026-11-19T09:00 2026-11-19T10:00"),
        ("early Saturday morning", "2026-11-21T08:00 2026-11-21T12:00"),
        ("half past 3 tomorrow", "2026-11-19T15:30 2026-11-19T16:30"),
        ("asap", "2026-11-18T10:20 2026-11-19T23:59"),
    ] {
        assert_eq!(when(text), expected, "{text}");
    }
}

#[test]
fn what_fits_no_window_is_noted() {
    let (window, notes, _) = when_at("any evening after 6 next week", now(), None);
    assert_eq!((window, notes), (days("11-23", "11-29"), vec!["any evening after 6".to_owned()]));
    let (window, notes, _) = when_at("weekday evenings", now(), None);
    assert_eq!((window.as_str(), notes), ("", vec!["weekday evenings".to_owned()]));
    let (window, notes, _) = when_at("this weekend in the afternoon", now(), None);
    assert_eq!((window, notes), (days("11-21", "11-22"), vec!["in the afternoon".to_owned()]));
}

#[test]
fn on_a_sunday_the_weekend_is_today() {
    let sunday = NaiveDateTime::parse_from_str("2026-11-22T15:42", LOCAL).unwrap();
    assert_eq!(when_at("this weekend", sunday, None).0, days("11-21", "11-22"));
    assert_eq!(when_at("next weekend", sunday, None).0, days("11-28", "11-29"));
    assert_eq!(when_at("next Tuesday", sunday, None).0, day("11-24"));
}

#[test]
fn a_time_alone_refines_the_known_day() {
    let known = Some(Window { from: now(), to: now() });
    assert_eq!(when_at("after 5pm", now(), known).0, "2026-11-18T17:00 2026-11-18T23:59");
}

#[test]
fn not_every_number_or_day_word_is_a_time() {
    for text in [
        "a 3 bedroom apartment",
        "I have 2 kids",
        "the 5th floor",
        "about 60 dollars",
        "Christmas lights on my house",
        "may I ask",
    ] {
        assert_eq!(when(text), "", "{text}");
    }
}
