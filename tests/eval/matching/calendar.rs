//! When providers work and what is taken of it. All times are local minutes since the Monday that the world is about,
//! midnight; the world is in Arizona, whose clocks never change.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, Utc};
use serde_json::{Value, json};

use super::dice::Dice;

/// Where the world is.
pub const ZONE: &str = "America/Phoenix";
/// Its offset from UTC, in minutes.
const OFFSET: i64 = -7 * 60;
/// A day, in minutes.
pub const DAY: i64 = 24 * 60;
/// Jobs begin every half hour.
const GRID: i64 = 30;
/// How far ahead is looked where no window is asked for, in minutes.
const WITHOUT_WINDOW: i64 = 14 * DAY;
/// The days, counted from the Monday, that bookings are made for: from the earliest that today may be to the last that may matter.
const BOOKED_DAYS: std::ops::RangeInclusive<i64> = -13..=7;

const WEEK: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The clock of a world.
#[derive(Clone, Copy)]
pub struct Clock {
    monday: NaiveDate,
    /// The present minute.
    pub now: i64,
}

impl Clock {
    /// The first Monday that is at least a week away: nobody's notice matters then.
    pub fn at(now: DateTime<Utc>) -> Self {
        let local = now.naive_utc() + Duration::minutes(OFFSET);
        let week = local.date() + Days::new(7);
        let monday = week + Days::new(u64::from((7 - week.weekday().num_days_from_monday()) % 7));
        Self { monday, now: (local - monday.and_time(chrono::NaiveTime::MIN)).num_minutes() }
    }

    /// As local clocks show a minute.
    pub fn local(self, minute: i64) -> NaiveDateTime {
        self.monday.and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute)
    }

    /// A minute as an instant, in RFC 3339.
    pub fn instant(self, minute: i64) -> String {
        self.local(minute).format("%Y-%m-%dT%H:%M:00-07:00").to_string()
    }

    /// What is asked for: a window, or the next two weeks.
    fn span(self, window: Option<(i64, i64)>) -> (i64, i64) {
        window.unwrap_or((self.now, self.now + WITHOUT_WINDOW))
    }
}

/// One provider's time.
pub struct Calendar {
    /// From when till when they work, by weekday.
    weekly: [Option<(i64, i64)>; 7],
    /// Bookings, in order.
    pub booked: Vec<(i64, i64)>,
    /// How long before they want to know.
    pub notice: i64,
    /// The pause between bookings.
    pub buffer: i64,
}

impl Calendar {
    /// The time of somebody who is so idle: `slack` is the share of their working time that nobody has booked.
    pub fn new(dice: &mut Dice, slack: f64) -> Self {
        let opens = *dice.one_of(&[7, 8, 8, 9, 9, 10, 11]) * 60;
        let closes = opens + *dice.one_of(&[7, 8, 9, 9, 10]) * 60;
        let closed = [0.1, 0.05, 0.05, 0.05, 0.05, 0.35, 0.65];
        let weekly = closed.map(|share| (!dice.chance(share)).then_some((opens, closes)));
        let (notice, buffer) = (*dice.one_of(&[0, 2, 12, 24]) * 60, *dice.one_of(&[0, 0, 30]));
        let mut calendar = Self { weekly, booked: Vec::new(), notice, buffer };
        for day in BOOKED_DAYS {
            // Some days are busier than others.
            let taken = dice.around(1.0 - slack, 0.15, 0.0, 0.97);
            let Some((opens, closes)) = calendar.hours(day) else { continue };
            let mut at = opens;
            while at < closes {
                let end = (at + GRID * (3 + dice.below(6) as i64)).min(closes);
                if dice.chance(taken) {
                    calendar.booked.push((at, end));
                }
                at = end + calendar.buffer;
            }
        }
        calendar
    }

    fn hours(&self, day: i64) -> Option<(i64, i64)> {
        let (opens, closes) = self.weekly[day.rem_euclid(7) as usize]?;
        Some((day * DAY + opens, day * DAY + closes))
    }

    /// Whether a job of so many minutes may begin in the window: in the next two weeks where none is asked for.
    pub fn can_be_free(&self, minutes: i64, window: Option<(i64, i64)>, clock: Clock) -> bool {
        let (from, to) = clock.span(window);
        (from.div_euclid(DAY)..=to.div_euclid(DAY))
            .any(|day| self.is_free_on(day, minutes, (from, to), clock))
    }

    /// The share of the window's days on which a job of so many minutes may begin.
    pub fn free_days(&self, minutes: i64, window: Option<(i64, i64)>, clock: Clock) -> f64 {
        let (from, to) = clock.span(window);
        let days = from.div_euclid(DAY)..=to.div_euclid(DAY);
        let all = days.clone().count();
        let free = days.filter(|day| self.is_free_on(*day, minutes, (from, to), clock)).count();
        free as f64 / all as f64
    }

    fn is_free_on(&self, day: i64, minutes: i64, (from, to): (i64, i64), clock: Clock) -> bool {
        let Some((opens, closes)) = self.hours(day) else { return false };
        let is_free = |start: i64| {
            let (start, end) = (start - self.buffer, start + minutes + self.buffer);
            self.booked.iter().all(|(from, to)| *to <= start || end <= *from)
        };
        (opens..=closes - minutes)
            .step_by(GRID as usize)
            .any(|start| from <= start && start < to && start >= clock.now + self.notice && is_free(start))
    }

    /// The week as the product writes it.
    pub fn weekly(&self) -> Value {
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let hours = |(start, end): (i64, i64)| json!([{"start": clock(start), "end": clock(end)}]);
        WEEK.iter()
            .zip(self.weekly)
            .map(|(day, own)| ((*day).to_owned(), own.map_or(json!([]), hours)))
            .collect()
    }
}
