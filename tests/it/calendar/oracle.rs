//! Every zone, around every change of its clocks.

use chrono::{Offset, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};
use proxie_shared::model::calendar::Availability;
use serde_json::{Value, json};

use super::reference::{Reference, pass};
use super::{chrono_date, instant, minute, other, stamp, years};
use crate::support::size;

/// A week of days that are like one another.
fn week(day: &Value) -> Value {
    json!({
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day,
        "sunday": day,
    })
}

/// The minutes of the changes of a zone's clocks in ten years, and one in the middle of each for zones without any.
fn changes(zone: Tz) -> Vec<i64> {
    let (from, to) = years(2024, 2035);
    let tz = other(zone.name());
    let following = tz.following(stamp(from)).map(|change| change.timestamp().as_second() / 60);
    following.take_while(|at| *at < to).collect()
}

/// The zones that are looked at: all of them, or some.
fn zones() -> impl Iterator<Item = Tz> {
    TZ_VARIANTS.into_iter().step_by(size(12, 1))
}

#[test]
fn around_each_change_of_clocks_slots_are_those_of_another_database() {
    let all_day = json!([{"start": "00:00", "end": "24:00"}]);
    // Into and out of what is skipped and what is twice, at most hours at which clocks change.
    let odd = json!([
        {"start": "00:00", "end": "01:20"}, {"start": "01:40", "end": "02:10"}, {"start": "02:20", "end": "03:30"},
        {"start": "03:30", "end": "05:10"}, {"start": "21:45", "end": "23:15"}, {"start": "23:30", "end": "00:00"}
    ]);
    let (mut zones_seen, mut changes_seen, mut slots_seen) = (0, 0, 0);
    for zone in zones() {
        zones_seen += 1;
        let tz = other(zone.name());
        let mut at = changes(zone);
        changes_seen += at.len();
        at.push(years(2029, 2030).0);
        for at in at {
            let (from, to) = (at - 1_440, at + 1_440);
            let days = [from, to].map(|at| chrono_date(tz.to_datetime(stamp(at)).date()));
            let now = instant(from - 3 * 1_440);
            // Whole days of any zone, and the longest of the jobs.
            let minutes = pass(&tz, from - 1_500, to + 1_500 + 240);
            for (hours, duration) in [(&all_day, 60), (&odd, 60), (&odd, 240)] {
                let calendar = json!({"zone": zone.name(), "weekly": week(hours), "notice_minutes": 0});
                let begins = Reference::new(&calendar).begins(&minutes, &[], duration, now.timestamp());
                let ours: Availability = serde_json::from_value(calendar).unwrap();
                let slots = ours.slots(&[], duration as i32, days[0], days[1], now);
                let shown = |at: i64| tz.to_datetime(stamp(at)).strftime("%F %R").to_string();
                let expected: Vec<(i64, String, String)> = begins
                    .slots
                    .iter()
                    .filter(|at| {
                        (days[0]..=days[1]).contains(&chrono_date(tz.to_datetime(stamp(**at)).date()))
                    })
                    .map(|at| (*at, shown(*at), shown(*at + duration as i64)))
                    .collect();
                let found: Vec<(i64, String, String)> = slots
                    .iter()
                    .map(|slot| {
                        let start = format!("{} {}", slot.date, slot.start_time);
                        let end = shown(minute(slot.end_at));
                        assert!(end.ends_with(&slot.end_time), "{zone} {slot:?} ends {end}");
                        assert_eq!(minute(slot.end_at) - minute(slot.start_at), duration as i64);
                        (minute(slot.start_at), start, end)
                    })
                    .collect();
                assert_eq!(found, expected, "{zone} around {}", instant(at));
                slots_seen += found.len();
            }
        }
    }
    println!(
        "figure: calendar: {zones_seen} zones, {changes_seen} changes of clocks 2024-2034, {slots_seen} slots, each the same \
         instant and local time as by jiff's database"
    );
    assert!(zones_seen == TZ_VARIANTS.len() || size(0, 1) == 0);
}

/// Also where the other database knows of no change, none is made.
#[test]
fn between_changes_both_databases_agree() {
    let (from, to) = years(2024, 2035);
    let mut compared = 0;
    for zone in zones() {
        let tz = other(zone.name());
        for at in (from..to).step_by(size(30, 1) * 1_440) {
            let ours = zone.offset_from_utc_datetime(&instant(at).naive_utc()).fix().local_minus_utc();
            assert_eq!(ours, tz.to_offset(stamp(at)).seconds(), "{zone} {}", instant(at));
            compared += 1;
        }
    }
    println!("figure: calendar: offsets of {compared} days over all zones, each as by jiff's database");
}
