//! What a calendar means, minute by minute.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{other, stamp};

/// Day by day, stretches in minutes since midnight.
type Day = Vec<(i32, i32)>;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A calendar, read from its JSON.
pub struct Reference {
    tz: TimeZone,
    weekly: Vec<Day>,
    exceptions: BTreeMap<String, Day>,
    notice: i64,
    most: Option<usize>,
    buffer: i64,
}

/// A minute as it passes.
pub struct Minute {
    /// Since 1970.
    pub at: i64,
    /// What clocks show.
    pub shown: DateTime,
    /// The latest that they have shown: while they show something again, they have not got any further.
    reached: DateTime,
    /// Whether they show this for the first time.
    is_first: bool,
}

/// Clocks are never put back by more than this, in minutes.
const LONGEST_FOLD: i64 = 26 * 60;

/// Every minute of a stretch of time.
pub fn pass(tz: &TimeZone, from: i64, to: i64) -> Vec<Minute> {
    let mut reached = DateTime::MIN;
    let mut minutes = Vec::new();
    for at in from - LONGEST_FOLD..to {
        let shown = tz.to_datetime(stamp(at));
        let is_first = shown > reached;
        reached = reached.max(shown);
        if at >= from {
            minutes.push(Minute { at, shown, reached, is_first });
        }
    }
    minutes
}

/// What may begin, in minutes since 1970.
#[derive(Default)]
pub struct Begins {
    /// Whatever minute.
    pub any: BTreeSet<i64>,
    /// Of the grid.
    pub slots: BTreeSet<i64>,
}

impl Reference {
    pub fn new(calendar: &Value) -> Self {
        let clock = |text: &Value| -> i32 {
            let (hour, minute) = text.as_str().expect("a time").split_once(':').expect("HH:MM");
            hour.parse::<i32>().expect("an hour") * 60 + minute.parse::<i32>().expect("a minute")
        };
        let day = |hours: &Value| -> Day {
            let all = hours.as_array().into_iter().flatten();
            let pair = |one: &Value| (clock(&one["start"]), clock(&one["end"]));
            all.map(pair).map(|(start, end)| (start, if end == 0 { 1_440 } else { end })).collect()
        };
        let exceptions = calendar["exceptions"].as_array().into_iter().flatten();
        let dated = |one: &Value| (one["date"].as_str().expect("a date").to_owned(), day(&one["hours"]));
        Self {
            tz: other(calendar["zone"].as_str().expect("a zone")),
            weekly: DAYS.iter().map(|name| day(&calendar["weekly"][name])).collect(),
            exceptions: exceptions.map(dated).collect(),
            notice: calendar["notice_minutes"].as_i64().unwrap_or(120),
            most: calendar["max_per_day"].as_u64().map(|most| most as usize),
            buffer: calendar["buffer_minutes"].as_i64().unwrap_or(0),
        }
    }

    /// The start of the hours that hold a local time.
    fn opened(&self, at: DateTime) -> Option<i32> {
        let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).expect("a weekday");
        let day = self.exceptions.get(&at.date().to_string()).unwrap_or(&self.weekly[weekday]);
        let minute = i32::from(at.hour()) * 60 + i32::from(at.minute());
        day.iter().find(|(start, end)| *start <= minute && minute < *end).map(|(start, _)| *start)
    }

    /// What may begin in a stretch of time through which `minutes` pass and, after it, the duration.
    pub fn begins(
        &self,
        minutes: &[Minute],
        busy: &[(i64, i64)],
        duration: usize,
        now_seconds: i64,
    ) -> Begins {
        let mut taken = vec![false; minutes.len()];
        for (start, end) in busy {
            for at in *start - self.buffer..*end + self.buffer {
                let at = at - minutes[0].at;
                if (0..minutes.len() as i64).contains(&at) {
                    taken[at as usize] = true;
                }
            }
        }
        let mut booked: BTreeMap<Date, usize> = BTreeMap::new();
        for (start, _) in busy {
            *booked.entry(self.tz.to_datetime(stamp(*start)).date()).or_default() += 1;
        }
        let today = self.tz.to_datetime(stamp(now_seconds.div_euclid(60))).date();
        let last = today.checked_add(90.days()).expect("a date");
        let opened: Vec<Option<i32>> = minutes.iter().map(|minute| self.opened(minute.reached)).collect();

        let mut begins = Begins::default();
        // For how many minutes from each on it is open, and free.
        let (mut open, mut free) = (0, 0);
        for (n, minute) in minutes.iter().enumerate().rev() {
            open = if opened[n].is_some() { open + 1 } else { 0 };
            free = if taken[n] { 0 } else { free + 1 };
            let date = minute.shown.date();
            let is_full = self.most.is_some_and(|most| booked.get(&date).is_some_and(|all| *all >= most));
            let in_time = minute.at * 60 >= now_seconds + self.notice * 60 && date <= last;
            if minute.is_first && open >= duration && free >= duration && in_time && !is_full {
                begins.any.insert(minute.at);
                let of_day = i32::from(minute.shown.hour()) * 60 + i32::from(minute.shown.minute());
                if opened[n].is_some_and(|start| (of_day - start) % 30 == 0) {
                    begins.slots.insert(minute.at);
                }
            }
        }
        begins
    }
}
