#![allow(clippy::unwrap_used, reason = "a test")]

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::*;

/// A week before the clocks of New York change: Sunday, 25 October 2026, noon in UTC.
const NOW: &str = "2026-10-25T12:00:00Z";

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A calendar in New York without notice, from its weekly hours and what else is said.
fn calendar(weekly: Value, more: Value) -> Availability {
    let mut all = json!({"zone": "America/New_York", "weekly": weekly, "notice_minutes": 0});
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    let calendar: Availability = serde_json::from_value(all).unwrap();
    assert_eq!(calendar.problems(), []);
    calendar
}

fn every_day(start: &str, end: &str) -> Value {
    let hours = json!([{"start": start, "end": end}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.into_iter().map(|day| (day.to_owned(), hours.clone())).collect::<serde_json::Map<_, _>>().into()
}

/// The local start times of the free slots of a day.
fn starts(calendar: &Availability, busy: &[Busy], minutes: i32, day: &str) -> Vec<String> {
    let slots = calendar.slots(busy, minutes, date(day), date(day), utc(NOW));
    slots.into_iter().map(|slot| slot.start_time).collect()
}

fn busy(start_at: &str, end_at: &str) -> Busy {
    Busy { start_at: utc(start_at), end_at: utc(end_at) }
}

#[test]
fn a_day_without_hours_is_closed() {
    let calendar = calendar(json!({"monday": [{"start": "09:00", "end": "11:00"}]}), json!({}));
    assert_eq!(starts(&calendar, &[], 60, "2026-10-26"), ["09:00", "09:30", "10:00"]);
    assert_eq!(starts(&calendar, &[], 60, "2026-10-27"), [""; 0]);
}

#[test]
fn an_exception_replaces_the_hours_of_its_date() {
    let exceptions = json!({"exceptions": [
        {"date": "2026-10-26"}, {"date": "2026-10-27", "hours": [{"start": "20:00", "end": "21:00"}]}
    ]});
    let calendar = calendar(every_day("09:00", "10:00"), exceptions);
    assert_eq!(starts(&calendar, &[], 60, "2026-10-26"), [""; 0], "none is closed");
    assert_eq!(starts(&calendar, &[], 60, "2026-10-27"), ["20:00"]);
    assert_eq!(starts(&calendar, &[], 60, "2026-10-28"), ["09:00"]);
}

#[test]
fn slots_begin_on_a_grid_from_each_opening() {
    let hours = json!({"monday": [{"start": "14:10", "end": "15:20"}, {"start": "09:00", "end": "10:15"}]});
    let found = starts(&calendar(hours, json!({})), &[], 30, "2026-10-26");
    assert_eq!(found, ["09:00", "09:30", "14:10", "14:40"]);
}

#[test]
fn a_job_lies_within_one_stretch_and_hours_that_touch_are_one() {
    let apart = json!({"monday": [{"start": "09:00", "end": "10:00"}, {"start": "10:30", "end": "11:30"}]});
    assert_eq!(starts(&calendar(apart, json!({})), &[], 90, "2026-10-26"), [""; 0]);
    let touching =
        json!({"monday": [{"start": "10:00", "end": "11:00"}, {"start": "09:00", "end": "10:00"}]});
    assert_eq!(starts(&calendar(touching, json!({})), &[], 90, "2026-10-26"), ["09:00", "09:30"]);
    let at_midnight = json!({
        "monday": [{"start": "23:00", "end": "24:00"}], "tuesday": [{"start": "00:00", "end": "01:00"}]
    });
    let calendar = calendar(at_midnight, json!({}));
    assert_eq!(starts(&calendar, &[], 90, "2026-10-26"), ["23:00", "23:30"]);
    assert_eq!(starts(&calendar, &[], 180, "2026-10-26"), [""; 0]);
}

#[test]
fn a_job_may_take_a_day_where_it_is_open_all_the_time() {
    let calendar = calendar(every_day("00:00", "00:00"), json!({}));
    assert_eq!(starts(&calendar, &[], LONGEST_MINUTES, "2026-10-26").len(), 48);
    assert_eq!(starts(&calendar, &[], LONGEST_MINUTES + 1, "2026-10-26").len(), 0);
    assert_eq!(starts(&calendar, &[], 0, "2026-10-26").len(), 0);
}

#[test]
fn notice_is_kept_to_the_minute() {
    let calendar = calendar(every_day("09:00", "11:00"), json!({"notice_minutes": 25 * 60}));
    // Noon in UTC is eight in New York: a day and an hour later it is nine, on Monday.
    assert_eq!(starts(&calendar, &[], 60, "2026-10-26"), ["09:00", "09:30", "10:00"]);
    let later = calendar.slots(&[], 60, date("2026-10-26"), date("2026-10-26"), utc("2026-10-25T12:00:01Z"));
    assert_eq!(later[0].start_time, "09:30");
}

#[test]
fn the_buffer_lies_between_any_two_bookings() {
    let calendar = calendar(every_day("09:00", "13:00"), json!({"buffer_minutes": 15}));
    // From 11:00 to 11:30 there.
    let booked = [busy("2026-10-26T15:00:00Z", "2026-10-26T15:30:00Z")];
    assert_eq!(starts(&calendar, &booked, 60, "2026-10-26"), ["09:00", "09:30", "12:00"]);
    let at = |start, end| calendar.check(&booked, utc(start), utc(end), utc(NOW));
    assert_eq!(at("2026-10-26T13:45:00Z", "2026-10-26T14:45:00Z"), Ok(()));
    assert_eq!(at("2026-10-26T13:46:00Z", "2026-10-26T14:46:00Z"), Err(Why::Taken));
    assert_eq!(at("2026-10-26T15:45:00Z", "2026-10-26T16:45:00Z"), Ok(()));
    assert_eq!(at("2026-10-26T15:44:00Z", "2026-10-26T16:44:00Z"), Err(Why::Taken));
}

#[test]
fn a_day_takes_as_many_bookings_as_it_may() {
    let calendar = calendar(every_day("09:00", "23:00"), json!({"max_per_day": 1}));
    // The first begins on Monday there and on Tuesday in UTC.
    let booked = [busy("2026-10-27T02:00:00Z", "2026-10-27T02:30:00Z")];
    assert_eq!(starts(&calendar, &booked, 60, "2026-10-26").len(), 0);
    assert!(!starts(&calendar, &booked, 60, "2026-10-27").is_empty());
    let at = |start, end| calendar.check(&booked, utc(start), utc(end), utc(NOW));
    assert_eq!(at("2026-10-26T15:00:00Z", "2026-10-26T16:00:00Z"), Err(Why::DayFull));
}

#[test]
fn a_time_that_does_not_exist_is_not_offered() {
    // On 14 March 2027 clocks there go from two to three.
    let calendar = calendar(every_day("01:00", "04:00"), json!({}));
    let now = utc("2027-03-10T00:00:00Z");
    let slots = calendar.slots(&[], 60, date("2027-03-14"), date("2027-03-14"), now);
    let times: Vec<_> = slots.iter().map(|s| (s.start_time.as_str(), s.end_time.as_str())).collect();
    assert_eq!(times, [("01:00", "03:00"), ("01:30", "03:30"), ("03:00", "04:00")]);
    let at = |time: &str| calendar.slot_at(date("2027-03-14"), time.parse::<NaiveTime>().unwrap(), 60);
    assert_eq!(at("02:30:00"), None);
    assert_eq!(at("03:00:00").unwrap().start_at, utc("2027-03-14T07:00:00Z"));
}

#[test]
fn a_time_that_exists_twice_is_offered_once_the_first() {
    // On 1 November 2026 clocks there go from two to one.
    let calendar = calendar(every_day("00:30", "03:00"), json!({}));
    let slots = calendar.slots(&[], 60, date("2026-11-01"), date("2026-11-01"), utc(NOW));
    let times: Vec<_> = slots.iter().map(|s| (s.start_time.as_str(), s.end_time.as_str())).collect();
    assert_eq!(
        times,
        [("00:30", "01:30"), ("01:00", "01:00"), ("01:30", "01:30"), ("02:00", "03:00")],
        "an hour is an hour"
    );
    assert_eq!(slots[2].start_at, utc("2026-11-01T05:30:00Z"));
    let second = calendar.check(&[], utc("2026-11-01T06:30:00Z"), utc("2026-11-01T07:30:00Z"), utc(NOW));
    assert_eq!(second, Err(Why::NoSuchTime));
}

#[test]
fn slots_reach_ninety_days_ahead_and_a_query_thirty_one() {
    let calendar = calendar(every_day("09:00", "10:00"), json!({}));
    let all = |from: &str, to: &str| calendar.slots(&[], 60, date(from), date(to), utc(NOW));
    let far = all("2027-01-20", "2027-02-10");
    assert_eq!(far.last().unwrap().date, date("2027-01-23"));
    let long = all("2026-10-27", "2026-12-31");
    assert_eq!((long.len(), long.last().unwrap().date), (31, date("2026-11-26")));
    assert_eq!(all("2020-01-01", "2026-10-24").len(), 0, "what is past is not offered");
    assert_eq!(all("2026-10-28", "2026-10-27").len(), 0);
    let too_far = calendar.check(&[], utc("2027-01-24T14:00:00Z"), utc("2027-01-24T15:00:00Z"), utc(NOW));
    assert_eq!(too_far, Err(Why::TooFar));
}

#[test]
fn any_minute_within_the_hours_may_be_a_begin() {
    let calendar = calendar(every_day("09:00", "10:00"), json!({}));
    let at = |start, end| calendar.check(&[], utc(start), utc(end), utc(NOW));
    assert_eq!(at("2026-10-26T13:07:00Z", "2026-10-26T14:00:00Z"), Ok(()));
    assert_eq!(at("2026-10-26T13:07:00Z", "2026-10-26T14:01:00Z"), Err(Why::Closed));
    assert_eq!(at("2026-10-26T12:59:00Z", "2026-10-26T13:30:00Z"), Err(Why::Closed));
    assert_eq!(at("2026-10-26T13:00:30Z", "2026-10-26T13:30:30Z"), Err(Why::NoSuchTime));
    assert_eq!(at("2026-10-26T13:00:00Z", "2026-10-26T13:00:00Z"), Err(Why::Closed));
    assert_eq!(at("2026-10-25T11:00:00Z", "2026-10-25T11:30:00Z"), Err(Why::TooSoon));
}

#[test]
fn who_can_be_free_has_a_slot_that_begins_in_the_window() {
    let calendar = calendar(every_day("09:00", "11:00"), json!({}));
    let free = |booked: &[Busy], from, to| calendar.can_be_free(booked, 60, utc(from), utc(to), utc(NOW));
    assert!(free(&[], "2026-10-26T13:30:00Z", "2026-10-26T14:00:00Z"));
    assert!(!free(&[], "2026-10-26T14:01:00Z", "2026-10-26T20:00:00Z"));
    assert!(!free(&[], "2026-10-26T13:00:00Z", "2026-10-26T13:00:00Z"));
    let all_of_it = [busy("2026-10-26T13:00:00Z", "2026-10-26T15:00:00Z")];
    assert!(!free(&all_of_it, "2026-10-26T04:00:00Z", "2026-10-27T04:00:00Z"));
    assert!(free(&all_of_it, "2026-10-26T04:00:00Z", "2026-10-28T04:00:00Z"));
}

#[test]
fn the_next_free_slots_are_the_nearest() {
    let calendar = calendar(every_day("09:00", "11:00"), json!({}));
    let next = |near: &str, booked: &[Busy]| -> Vec<String> {
        let slots = calendar.next_free(booked, 60, utc(near), 3, utc(NOW));
        slots.into_iter().map(|slot| format!("{} {}", slot.date, slot.start_time)).collect()
    };
    // 09:30 there is taken, and with it all that begins at 09:00 and 10:00.
    let booked = [busy("2026-10-27T13:30:00Z", "2026-10-27T14:30:00Z")];
    let near = "2026-10-27T13:30:00Z";
    assert_eq!(next(near, &[]), ["2026-10-27 09:00", "2026-10-27 09:30", "2026-10-27 10:00"]);
    assert_eq!(next(near, &booked), ["2026-10-26 09:30", "2026-10-26 10:00", "2026-10-28 09:00"]);
    assert_eq!(next("2030-01-01T00:00:00Z", &[]).last().unwrap(), "2027-01-23 10:00");
}

#[test]
fn midnight_at_the_end_of_a_day_is_written_in_two_ways() {
    for end in ["00:00", "24:00"] {
        let hours: Hours = serde_json::from_value(json!({"start": "22:00", "end": end})).unwrap();
        assert_eq!(hours, Hours { start: 22 * 60, end: MIDNIGHT });
        assert_eq!(serde_json::to_value(hours).unwrap(), json!({"start": "22:00", "end": "00:00"}));
    }
    for wrong in ["24:01", "9:00", "09:60", "0900", "+9:00", "", "09:00:00"] {
        let hours = serde_json::from_value::<Hours>(json!({"start": "00:00", "end": wrong}));
        assert!(hours.is_err(), "{wrong}");
    }
    assert!(serde_json::from_value::<Hours>(json!({"start": "24:00", "end": "00:00"})).is_err());
}

#[test]
fn what_is_wrong_with_a_calendar_is_said_where_it_is() {
    let hours = |pairs: &[(u16, u16)]| -> Vec<Hours> {
        pairs.iter().map(|(start, end)| Hours { start: *start, end: *end }).collect()
    };
    let christmas = date("2026-12-25");
    let wrong = Availability {
        weekly: Weekly {
            monday: hours(&[(540, 600), (590, 700), (700, 800)]),
            tuesday: hours(&[(600, 600), (700, 1_441)]),
            friday: hours(&[(0, 1); MOST_HOURS + 1]),
            ..Weekly::default()
        },
        exceptions: vec![
            Exception { date: christmas, hours: vec![] },
            Exception { date: christmas, hours: hours(&[(600, 540)]) },
        ],
        notice_minutes: -1,
        max_per_day: Some(0),
        buffer_minutes: MOST_BUFFER + 1,
        zone: Tz::UTC,
    };
    let pointers: Vec<_> = wrong.problems().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        [
            "/weekly/monday/1",
            "/weekly/tuesday/0/end",
            "/weekly/tuesday/1/end",
            "/weekly/friday",
            "/exceptions/1/date",
            "/exceptions/1/hours/0/end",
            "/notice_minutes",
            "/max_per_day",
            "/buffer_minutes"
        ]
    );
    let many = (0..=366).map(|n| Exception { date: christmas + chrono::Days::new(n), hours: vec![] });
    let many = Availability { exceptions: many.collect(), ..Availability::closed(Tz::UTC) };
    assert_eq!(many.problems().len(), 1);
}
