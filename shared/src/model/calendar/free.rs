//! What is free.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveTime, Timelike, Utc};

use super::{Availability, Busy, FURTHEST_DAYS, GRID_MINUTES, Hours, LONGEST_MINUTES, MOST_DAYS, Why};
use crate::model::clocks::{first_at, reached_at};
use crate::model::slots::Slot;

/// Dates outside these years are nobody's; arithmetic on dates ends somewhere.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9_000;

impl Availability {
    /// The slots that begin on the local dates `from` to `to`, of which at most [`MOST_DAYS`] are looked at, in order.
    ///
    /// Here as below, `busy` are the bookings that matter ([`super::bookings_that_matter`]), in any order.
    #[must_use]
    pub fn slots(
        &self,
        busy: &[Busy],
        duration_minutes: i32,
        from: NaiveDate,
        to: NaiveDate,
        now: DateTime<Utc>,
    ) -> Vec<Slot> {
        let last = from.checked_add_days(Days::new(MOST_DAYS - 1)).map_or(to, |last| last.min(to));
        let job = Duration::minutes(i64::from(duration_minutes));
        let mut starts: Vec<_> = self.starts(busy, job, from, last, now).collect();
        // The hours of a day may be listed in any order.
        starts.sort_unstable();
        starts.into_iter().map(|start| Slot::new(start, start + job, self.zone)).collect()
    }

    /// Whether there is a slot that begins at or after `from` and before `to`.
    #[must_use]
    pub fn can_be_free(
        &self,
        busy: &[Busy],
        duration_minutes: i32,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> bool {
        let job = Duration::minutes(i64::from(duration_minutes));
        let (first, last) = (self.date_at(from.max(now)), self.date_at(to.max(now)));
        self.starts(busy, job, first, last, now).any(|start| from <= start && start < to)
    }

    /// How many slots begin at or after `from` and before `to`; not counted further than `enough`.
    #[must_use]
    pub fn count_free(
        &self,
        busy: &[Busy],
        duration_minutes: i32,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        enough: usize,
        now: DateTime<Utc>,
    ) -> usize {
        let job = Duration::minutes(i64::from(duration_minutes));
        let (first, last) = (self.date_at(from.max(now)), self.date_at(to.max(now)));
        let starts = self.starts(busy, job, first, last, now);
        starts.filter(|start| from <= *start && *start < to).take(enough).count()
    }

    /// The `most` slots that begin nearest to an instant, in order; of two that are as near, the earlier.
    #[must_use]
    pub fn next_free(
        &self,
        busy: &[Busy],
        duration_minutes: i32,
        near: DateTime<Utc>,
        most: usize,
        now: DateTime<Utc>,
    ) -> Vec<Slot> {
        let job = Duration::minutes(i64::from(duration_minutes));
        let (first, last) = (self.date_at(now), self.furthest(now));
        let middle = self.date_at(near.max(now)).min(last);
        let mut found: Vec<DateTime<Utc>> = Vec::new();
        let mut enough_at = None;
        for away in 0..=FURTHEST_DAYS {
            // What is more than two days further out than enough of them cannot be nearer, whatever clocks do.
            if enough_at.is_some_and(|at| away > at + 2) {
                break;
            }
            let days = [middle.checked_sub_days(Days::new(away)), middle.checked_add_days(Days::new(away))];
            let days = if away == 0 { &days[..1] } else { &days[..] };
            for day in days.iter().flatten().filter(|day| (first..=last).contains(*day)) {
                found.extend(self.starts(busy, job, *day, *day, now));
            }
            enough_at = enough_at.or((found.len() >= most).then_some(away));
        }
        found.sort_unstable_by_key(|start| ((*start - near).abs(), *start));
        found.truncate(most);
        found.sort_unstable();
        found.into_iter().map(|start| Slot::new(start, start + job, self.zone)).collect()
    }

    /// Whether a job may lie between two instants: any whole minute that exists may be its begin.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(
        &self,
        busy: &[Busy],
        start_at: DateTime<Utc>,
        end_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Why> {
        if start_at < self.earliest(now) {
            return Err(Why::TooSoon);
        }
        let local = start_at.with_timezone(&self.zone).naive_local();
        let day = local.date();
        if day > self.furthest(now) {
            return Err(Why::TooFar);
        }
        let is_whole = local.second() == 0 && local.nanosecond() == 0;
        if !is_whole || first_at(local, self.zone) != Some(start_at) {
            return Err(Why::NoSuchTime);
        }
        let minute = local.hour() * 60 + local.minute();
        let within = |hours: &&Hours| (u32::from(hours.start)..u32::from(hours.end)).contains(&minute);
        let closes = self.hours_on(day).iter().find(within).map(|hours| self.at(day, hours.end));
        let has_length = is_job(end_at - start_at);
        if !closes.is_some_and(|closes| has_length && self.is_open_until(day, closes, end_at)) {
            return Err(Why::Closed);
        }
        if !self.is_free(busy, start_at, end_at) {
            return Err(Why::Taken);
        }
        if self.is_full(busy, day) { Err(Why::DayFull) } else { Ok(()) }
    }

    /// The slot that begins when local clocks show this; none if they never do.
    #[must_use]
    pub fn slot_at(&self, date: NaiveDate, start_time: NaiveTime, duration_minutes: i32) -> Option<Slot> {
        let job = Duration::minutes(i64::from(duration_minutes));
        if !YEARS.contains(&date.year()) || !is_job(job) {
            return None;
        }
        let start_at = first_at(date.and_time(start_time), self.zone)?;
        Some(Slot::new(start_at, start_at + job, self.zone))
    }

    /// Where free jobs begin on some days, hours by hours.
    fn starts<'a>(
        &'a self,
        busy: &'a [Busy],
        job: Duration,
        first: NaiveDate,
        last: NaiveDate,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + 'a {
        let last = if is_job(job) { last.min(self.furthest(now)) } else { NaiveDate::MIN };
        let days = first.max(self.date_at(now)).iter_days().take_while(move |day| *day <= last);
        days.flat_map(move |day| self.starts_on(busy, job, day, now))
    }

    fn starts_on<'a>(
        &'a self,
        busy: &'a [Busy],
        job: Duration,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + 'a {
        let earliest = self.earliest(now);
        let hours: &[Hours] = if self.is_full(busy, day) { &[] } else { self.hours_on(day) };
        hours.iter().flat_map(move |hours| {
            let closes = self.at(day, hours.end);
            self.grid(day, *hours, closes).filter(move |start| {
                *start >= earliest
                    && self.is_open_until(day, closes, *start + job)
                    && self.is_free(busy, *start, *start + job)
            })
        })
    }

    /// When clocks first show each time of the grid.
    fn grid(
        &self,
        day: NaiveDate,
        hours: Hours,
        closes: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        let opens = self.at(day, hours.start);
        // Where clocks do not change they need not be asked.
        let is_even = closes - opens == minutes(hours.end) - minutes(hours.start);
        (hours.start..hours.end).step_by(usize::from(GRID_MINUTES)).filter_map(move |minute| match is_even {
            true => Some(opens + (minutes(minute) - minutes(hours.start))),
            false => first_at(day.and_time(NaiveTime::MIN) + minutes(minute), self.zone),
        })
    }

    /// The hours of a date.
    fn hours_on(&self, day: NaiveDate) -> &[Hours] {
        let exception = self.exceptions.iter().find(|exception| exception.date == day);
        exception.map_or_else(|| self.weekly.on(day.weekday()), |exception| &exception.hours)
    }

    /// Whether the hours of `day` that close at an instant, and those that touch them, last until `end`.
    fn is_open_until(&self, mut day: NaiveDate, mut closes: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        while closes < end {
            let mut hours = self.hours_on(day).iter().map(|h| (self.at(day, h.start), self.at(day, h.end)));
            match hours.find(|(opens, until)| *opens <= closes && closes < *until) {
                Some((_, until)) => closes = until,
                None => {
                    day = day + Days::new(1);
                    if self.at(day, 0) > closes {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Whether no booking lies there, nor nearer than the buffer.
    fn is_free(&self, busy: &[Busy], start: DateTime<Utc>, end: DateTime<Utc>) -> bool {
        let buffer = Duration::minutes(i64::from(self.buffer_minutes));
        let (start, end) = (start - buffer, end + buffer);
        busy.iter().all(|other| other.end_at <= start || end <= other.start_at)
    }

    /// Whether as many bookings begin on a date as may.
    fn is_full(&self, busy: &[Busy], day: NaiveDate) -> bool {
        let Some(most) = self.max_per_day else { return false };
        // Dates of the same instant are at most a day apart: zones are not asked about the others.
        let near = |at: DateTime<Utc>| (at.date_naive() - day).num_days().abs() <= 1;
        let begun = busy.iter().filter(|b| near(b.start_at) && self.date_at(b.start_at) == day).count();
        begun as i64 >= i64::from(most)
    }

    /// The first instant at which a job may begin.
    fn earliest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + Duration::minutes(i64::from(self.notice_minutes))
    }

    /// The last date on which a job may begin.
    fn furthest(&self, now: DateTime<Utc>) -> NaiveDate {
        self.date_at(now) + Days::new(FURTHEST_DAYS)
    }

    fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// When clocks reach a minute of a day.
    fn at(&self, day: NaiveDate, minute: u16) -> DateTime<Utc> {
        reached_at(day.and_time(NaiveTime::MIN) + minutes(minute), self.zone)
    }
}

/// Whether a job can be so long.
fn is_job(job: Duration) -> bool {
    Duration::zero() < job && job <= Duration::minutes(i64::from(LONGEST_MINUTES))
}

fn minutes(minutes: u16) -> Duration {
    Duration::minutes(i64::from(minutes))
}
