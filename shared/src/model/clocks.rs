//! Local clocks: at which instants they show a time.

use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// No clock is further from UTC than this, in seconds.
const WIDEST: i64 = 24 * 3_600;

/// Whether there is an IANA zone of this name.
#[must_use]
pub fn is_zone(name: &str) -> bool {
    name.parse::<Tz>().is_ok()
}

/// The first instant at which clocks of the zone show this; none if they skip it.
#[must_use]
pub fn first_at(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&local).earliest().map(|at| at.to_utc())
}

/// The first instant at which clocks of the zone show this or, if they skip it, what comes after.
#[must_use]
pub fn reached_at(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    first_at(local, zone).unwrap_or_else(|| end_of_gap(local, zone))
}

/// The instant at which clocks skip a time.
fn end_of_gap(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let around = |seconds| local.and_utc() + Duration::seconds(seconds);
    let (mut before, mut after) = (-WIDEST, WIDEST);
    while after - before > 1 {
        let middle = i64::midpoint(before, after);
        if around(middle).with_timezone(&zone).naive_local() < local {
            before = middle;
        } else {
            after = middle;
        }
    }
    around(after)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]
    use super::*;
    use crate::model::window::LOCAL_MINUTE;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, LOCAL_MINUTE).unwrap()
    }

    fn reached(local: &str, zone: Tz) -> String {
        reached_at(at(local), zone).to_rfc3339()
    }

    #[test]
    fn a_time_that_is_skipped_is_reached_with_the_moment_after() {
        let zone = Tz::America__New_York;
        for skipped in ["2026-03-08T02:00", "2026-03-08T02:10", "2026-03-08T02:59", "2026-03-08T03:00"] {
            assert_eq!(reached(skipped, zone), "2026-03-08T07:00:00+00:00", "{skipped}");
        }
        assert_eq!(first_at(at("2026-03-08T02:10"), zone), None);
    }

    #[test]
    fn a_time_that_is_twice_is_reached_with_the_first() {
        let zone = Tz::America__New_York;
        assert_eq!(reached("2026-11-01T01:30", zone), "2026-11-01T05:30:00+00:00");
        assert_eq!(first_at(at("2026-11-01T01:30"), zone), Some(reached_at(at("2026-11-01T01:30"), zone)));
    }

    #[test]
    fn a_day_that_a_zone_skips_is_reached_with_its_end() {
        // Samoa went without 30 December 2011.
        for skipped in ["2011-12-30T00:00", "2011-12-30T12:00", "2011-12-30T23:59"] {
            assert_eq!(reached(skipped, Tz::Pacific__Apia), "2011-12-30T10:00:00+00:00", "{skipped}");
        }
    }
}
