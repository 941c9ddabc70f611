//! Calendars, bookings and questions as chance makes them.

use std::collections::BTreeSet;

use chrono::Days;
use chrono_tz::{TZ_VARIANTS, Tz};
use proxie_shared::model::calendar::{Availability, Busy, FURTHEST_DAYS, MOST_DAYS};
use proxie_shared::model::slots::Slot;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::reference::{Begins, Reference, pass};
use super::{chrono_date, instant, minute, other, stamp, years};
use crate::support::size;

/// A question to a calendar.
struct Case {
    zone: Tz,
    calendar: Value,
    busy: Vec<(i64, i64)>,
    duration: usize,
    /// About which minutes it is.
    from: i64,
    to: i64,
    now_seconds: i64,
}

const UNLIKELY: [Tz; 8] = [
    Tz::Australia__Lord_Howe,
    Tz::Africa__Cairo,
    Tz::America__Havana,
    Tz::Asia__Beirut,
    Tz::Antarctica__Troll,
    Tz::Africa__Casablanca,
    Tz::America__St_Johns,
    Tz::Pacific__Chatham,
];

fn clock(minutes: i32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Up to three stretches, some of which touch; or the whole day.
fn hours(rng: &mut StdRng) -> Value {
    if rng.random_bool(0.2) {
        return json!([{"start": "00:00", "end": "24:00"}]);
    }
    let step = *[5, 15, 30].choose(rng).unwrap();
    let mut edges: BTreeSet<i32> = (0..6).map(|_| rng.random_range(0..=1_440 / step) * step).collect();
    if rng.random_bool(0.4) {
        edges.extend([0, 1_440]);
    }
    let edges: Vec<i32> = edges.into_iter().collect();
    let touching = rng.random_bool(0.3);
    let pairs: Vec<&[i32]> =
        if touching { edges.windows(2).take(3).collect() } else { edges.chunks_exact(2).collect() };
    pairs.iter().map(|pair| json!({"start": clock(pair[0]), "end": clock(pair[1])})).collect()
}

fn case(rng: &mut StdRng) -> Case {
    let zone =
        if rng.random_bool(0.3) { *UNLIKELY.choose(rng).unwrap() } else { *TZ_VARIANTS.choose(rng).unwrap() };
    let tz = other(zone.name());
    let (begin, end) = years(2024, 2034);
    let somewhere = rng.random_range(begin..end);
    let change = tz.following(stamp(somewhere)).next().map(|change| change.timestamp().as_second() / 60);
    let about = change.filter(|at| *at < end && rng.random_bool(0.7)).unwrap_or(somewhere);
    let from = about - rng.random_range(0..3 * 1_440);
    let to = from + rng.random_range(1..4 * 1_440);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekly = days.iter().filter(|_| rng.random_bool(0.85)).map(|day| ((*day).to_owned(), Value::Null));
    let mut weekly: serde_json::Map<String, Value> = weekly.collect();
    weekly.values_mut().for_each(|day| *day = hours(rng));
    let dates: BTreeSet<String> = (0..rng.random_range(0..3))
        .map(|_| tz.to_datetime(stamp(rng.random_range(from..to))).date().to_string())
        .collect();
    let exceptions: Vec<Value> = dates
        .into_iter()
        .map(|date| {
            if rng.random_bool(0.5) {
                json!({"date": date})
            } else {
                json!({"date": date, "hours": hours(rng)})
            }
        })
        .collect();
    let mut busy = Vec::new();
    let mut at = from - rng.random_range(0..2_000);
    while at < to + 1_000 && rng.random_bool(0.9) {
        let ends = at + *[5, 30, 45, 60, 90, 240, 1_440].choose(rng).unwrap();
        busy.push((at, ends));
        at = ends + rng.random_range(0..800);
    }
    let calendar = json!({
        "zone": zone.name(),
        "weekly": weekly,
        "exceptions": exceptions,
        "notice_minutes": if rng.random_bool(0.5) { 0 } else { rng.random_range(0..3_000) },
        "max_per_day": if rng.random_bool(0.5) { None } else { Some(rng.random_range(1..4)) },
        "buffer_minutes": *[0, 0, 10, 15, 60, 480].choose(rng).unwrap(),
    });
    let duration = *[5, 30, 45, 60, 90, 240, 600, 1_440].choose(rng).unwrap();
    let reach = FURTHEST_DAYS as i64 * 1_440;
    let ago = if rng.random_bool(0.2) {
        rng.random_range(reach - 2_000..reach)
    } else {
        rng.random_range(-1_000..4_000)
    };
    let now_seconds = (from - ago) * 60 + rng.random_range(0..60);
    Case { zone, calendar, busy, duration, from, to, now_seconds }
}

#[test]
fn a_calendar_answers_as_its_reference_does() {
    let seed = 20_261_125;
    let (mut slots, mut minutes) = (0, 0);
    let cases = size(150, 5_000);
    for n in 0..cases as u64 {
        let mut rng = StdRng::seed_from_u64(seed + n);
        let case = case(&mut rng);
        let found = check(&case, &mut rng);
        slots += found.0;
        minutes += found.1;
    }
    println!(
        "figure: calendar: {cases} random calendars, {slots} slots and {minutes} minutes as by the reference"
    );
    assert!(slots > cases, "the cases are too dull");
}

fn check(case: &Case, rng: &mut StdRng) -> (usize, usize) {
    let told = format!("{} {} now {}", case.calendar, instant(case.from), case.now_seconds);
    let tz = other(case.zone.name());
    let ours: Availability = serde_json::from_value(case.calendar.clone()).unwrap();
    assert_eq!(ours.problems(), [], "{told}");
    let mut busy: Vec<Busy> = case
        .busy
        .iter()
        .map(|(start, end)| Busy { start_at: instant(*start), end_at: instant(*end) })
        .collect();
    // In any order.
    busy.reverse();
    let now = chrono::DateTime::from_timestamp(case.now_seconds, 0).unwrap();
    let duration = case.duration as i32;

    let days = [case.from, case.to].map(|at| tz.to_datetime(stamp(at)).date());
    let passing = pass(&tz, case.from - 1_600, case.to + 3_200);
    let expected: Begins =
        Reference::new(&case.calendar).begins(&passing, &case.busy, case.duration, case.now_seconds);
    let asked = |at: &i64| (days[0]..=days[1]).contains(&tz.to_datetime(stamp(*at)).date());
    let expected_slots: Vec<i64> = expected.slots.iter().copied().filter(asked).collect();

    let slots = ours.slots(&busy, duration, chrono_date(days[0]), chrono_date(days[1]), now);
    let starts: Vec<i64> = slots.iter().map(|slot| minute(slot.start_at)).collect();
    assert_eq!(starts, expected_slots, "slots of {told}");

    let mut checked = 0;
    for at in case.from..case.to {
        if at % 7 == case.from % 7 || at % 30 == 0 {
            let (start, end) = (instant(at), instant(at + case.duration as i64));
            let answer = ours.check(&busy, start, end, now);
            assert_eq!(answer.is_ok(), expected.any.contains(&at), "{answer:?} at {start} of {told}");
            checked += 1;
        }
    }
    for slot in &slots {
        assert_eq!(ours.check(&busy, slot.start_at, slot.end_at, now), Ok(()), "{slot:?} of {told}");
        let named = ours.slot_at(slot.date, slot.start_time.parse().unwrap(), duration);
        assert_eq!(named.as_ref(), Some(slot), "{told}");
    }
    for _ in 0..5 {
        let from = rng.random_range(case.from..case.to);
        let to = from + rng.random_range(0..1_000).min(case.to - from);
        let free = ours.can_be_free(&busy, duration, instant(from), instant(to), now);
        assert_eq!(free, expected.slots.range(from..to).next().is_some(), "from {from} to {to} of {told}");
    }
    if rng.random_bool(0.1) {
        nearest(case, &ours, &busy, rng);
    }
    (slots.len(), checked)
}

/// The nearest are the nearest of all.
fn nearest(case: &Case, ours: &Availability, busy: &[Busy], rng: &mut StdRng) {
    let now = chrono::DateTime::from_timestamp(case.now_seconds, 0).unwrap();
    let duration = case.duration as i32;
    let today = now.with_timezone(&case.zone).date_naive();
    let mut all: Vec<Slot> = (0..3)
        .flat_map(|month| {
            let from = today + Days::new(month * MOST_DAYS);
            ours.slots(busy, duration, from, from + Days::new(MOST_DAYS - 1), now)
        })
        .collect();
    let near = instant(rng.random_range(case.from..case.to));
    all.sort_by_key(|slot| ((slot.start_at - near).abs(), slot.start_at));
    all.truncate(3);
    all.sort_by_key(|slot| slot.start_at);
    assert_eq!(ours.next_free(busy, duration, near, 3, now), all, "near {near} of {}", case.calendar);
}
