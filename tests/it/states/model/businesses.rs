use chrono::{Duration, Timelike};

use super::{At, Model, Verdict, Who};

/// Somebody who does the work, at any hour of any day.
#[derive(Debug)]
pub struct Business {
    pub status: &'static str,
    /// How long before its start a job must be booked, in minutes.
    pub notice: i64,
    /// The least time between two bookings, in minutes.
    pub buffer: i64,
    /// The most bookings of a day, if that is limited.
    pub per_day: Option<usize>,
    pub completed_jobs: i64,
    pub late_cancellations: i64,
}

impl Model {
    /// Whether a job may lie there, one booking aside. What was called off takes no time, what was done took it.
    pub fn is_free(&self, business: usize, start: At, minutes: i64, but: Option<usize>) -> bool {
        let one = &self.businesses[business];
        let end = start + Duration::minutes(minutes);
        let buffer = Duration::minutes(one.buffer);
        let others = || {
            let all = self.bookings.iter().enumerate();
            let theirs = all.filter(move |(n, other)| other.business == business && Some(*n) != but);
            theirs.map(|(_, other)| other).filter(|other| other.status != "cancelled")
        };
        let is_same_day = |at: At| at.date_naive() == start.date_naive();
        start.second() == 0
            && start >= self.now + Duration::minutes(one.notice)
            && start.date_naive() <= self.now.date_naive() + Duration::days(90)
            && others().all(|other| end + buffer <= other.start || other.end + buffer <= start)
            && one.per_day.is_none_or(|most| others().filter(|other| is_same_day(other.start)).count() < most)
    }

    /// Its owner pauses it or goes on; what an admin has suspended only an admin lets go on.
    pub fn pause(&mut self, who: Who, business: usize, to: &'static str) -> Verdict {
        if who != Who::Owner(business) && who != Who::Admin {
            return Err("not_yours");
        }
        let one = &mut self.businesses[business];
        if one.status == "suspended" {
            return Err("illegal_move");
        }
        one.status = to;
        Ok(())
    }

    pub fn suspend(&mut self, who: Who, business: usize, to: &'static str) -> Verdict {
        if who != Who::Admin {
            return Err("wrong_role");
        }
        self.businesses[business].status = to;
        Ok(())
    }
}
